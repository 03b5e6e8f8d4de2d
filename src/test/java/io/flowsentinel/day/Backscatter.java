package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: forty victims of a flood in the bastion's name answer it. */
final class Backscatter implements Episode {

    private static final int FIRST = Clock.at(16, 30);

    private final Play play;

    Backscatter(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 9)) {
            for (int i = 0; i < 4; i++) {
                Peer victim = Peer.of(play.dice().stranger(), 443);
                Conversation talk = play.routes()
                        .fromInternet(victim, play.estate().bastion, play.dice().strangersPort(), Routes.TCP)
                        .deniedByResponder();
                talk.forward(minute.sometime(play.dice()), Tcp.SYN_ACK, 1, 44);
            }
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.informational(
                "unsolicited-synack", "interface=" + play.estate().bastion.interfaceId()));
    }
}
