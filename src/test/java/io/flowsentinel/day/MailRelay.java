package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;

/** The mail relay delivers to whatever mail servers there are, day and night. */
final class MailRelay implements Script {

    private static final int SMTP = 25;

    private final Play play;

    MailRelay(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        if (dice.chance(0.7)) {
            Peer server = Peer.of("198.51.100." + dice.between(140, 190), SMTP);
            Conversation talk =
                    play.routes().leaving(play.estate().mail, server, Routes.TCP, TrafficPath.INTERNET_GATEWAY);
            Tcp.exchange(talk, minute.sometime(dice), 3_000, dice.size(20_000), 900, Tcp.End.FIN);
        }
    }
}
