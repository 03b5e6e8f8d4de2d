package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: somebody tries seventy ports of a public host. Most are filtered, some closed, two open. */
final class PortScanAnswered implements Episode {

    private static final String SCANNER = "203.0.113.66";
    private static final int FIRST = Clock.at(3, 30);
    private static final int PORTS_A_MINUTE = 10;

    private final Play play;

    PortScanAnswered(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (!minute.isIn(FIRST, FIRST + 6)) {
            return;
        }
        int from = (minute.index() - FIRST) * PORTS_A_MINUTE;
        for (int i = from; i < from + PORTS_A_MINUTE; i++) {
            long at = minute.at((i - from) * 5_500L);
            if (i == 2 || i == 12) {
                Tcp.probed(at(i == 2 ? 80 : 443), at);
            } else if (i % 4 == 0) {
                Tcp.refused(at(8_000 + i), at);
            } else {
                Tcp.unanswered(at(7_000 + i).deniedByResponder(), at, 1);
            }
        }
    }

    private Conversation at(int port) {
        Peer scanner = Peer.of(SCANNER, play.dice().strangersPort());
        return play.routes().fromInternet(scanner, play.estate().kiosk, port, Routes.TCP);
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium(
                "port-scan",
                "originator=" + SCANNER + " responder=" + play.estate().kiosk.address()));
    }
}
