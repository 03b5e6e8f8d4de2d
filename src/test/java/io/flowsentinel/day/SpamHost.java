package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Incident: a public host that never sent mail tries the mail servers of twenty domains within the hour. */
final class SpamHost implements Episode {

    private static final int SMTP = 25;
    private static final int FIRST = Clock.at(9, 0);

    private final Play play;

    SpamHost(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 19)) {
            Peer server = Peer.of("198.51.100." + (140 + minute.index() - FIRST), SMTP);
            Conversation talk =
                    play.routes().leaving(play.estate().kiosk, server, Routes.TCP, TrafficPath.INTERNET_GATEWAY);
            if (minute.isEvery(3, 0)) {
                Tcp.exchange(talk, minute.sometime(play.dice()), 2_000, 9_000, 900, Tcp.End.FIN);
            } else {
                Tcp.refused(talk, minute.sometime(play.dice()));
            }
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.high("spam-host", "endpoint=" + play.estate().kiosk.address()));
    }
}
