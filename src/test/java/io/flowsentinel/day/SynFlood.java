package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/**
 * Incident: a load balancer answers thousands of forged SYNs a minute, and hears no more of them. It lasts for six
 * minutes: intervals of an interface that begin close to the full minute put two minutes' starts into one pane and none
 * into the next, so two bad minutes need not be two panes in a row.
 */
final class SynFlood implements Episode {

    private static final int HTTPS = 443;
    private static final int FIRST = Clock.at(8, 0);
    private static final int SYNS_A_MINUTE = 3_000;

    private final Play play;

    SynFlood(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 5)) {
            Dice dice = play.dice();
            for (int i = 0; i < SYNS_A_MINUTE; i++) {
                Peer forged = Peer.of(dice.stranger(), dice.strangersPort());
                Conversation talk = play.routes().fromInternet(forged, flooded(), HTTPS, Routes.TCP);
                long at = minute.sometime(dice);
                talk.forward(at, Tcp.SYN, 1, 40);
                talk.reply(at + 1, Tcp.SYN_ACK, 1, 44);
                talk.reply(at + 1_000, Tcp.SYN_ACK, 1, 44);
            }
        }
    }

    private Nic flooded() {
        return play.estate().balancers.get(1);
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.high("syn-flood", "responder=" + flooded().address() + " port=" + HTTPS));
    }
}
