package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: somebody on the IPv6 internet tries forty ports of a load balancer; a filter stops all. */
final class PortScanUnanswered implements Episode {

    private static final String SCANNER = "2001:db8:f0ff::66";
    private static final int FIRST = Clock.at(3, 0);

    private final Play play;

    PortScanUnanswered(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 9)) {
            for (int i = 0; i < 4; i++) {
                Peer scanner = Peer.of(SCANNER, play.dice().strangersPort());
                int port = 7_000 + (minute.index() - FIRST) * 4 + i;
                Conversation talk = play.routes()
                        .fromInternet(scanner, play.estate().balancers.get(0), port, Routes.TCP);
                Tcp.unanswered(talk.deniedByResponder(), minute.at(i * 12_000L), 1);
            }
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.informational("port-scan", "originator=" + SCANNER + " responder=2001:db8:40::10"));
    }
}
