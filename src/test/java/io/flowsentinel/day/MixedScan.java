package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.ArrayList;
import java.util.List;

/** Incident: somebody tries twenty-four ports of every public host, too few for a scan of any; one answers. */
final class MixedScan implements Episode {

    private static final String SCANNER = "203.0.113.67";
    private static final int FIRST = Clock.at(5, 30);
    private static final int PORTS = 24;
    private static final int HTTPS = 443;

    private final Play play;

    MixedScan(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (!minute.isIn(FIRST, FIRST + hosts().size() - 1)) {
            return;
        }
        Nic host = hosts().get(minute.index() - FIRST);
        if (minute.index() == FIRST) {
            Tcp.probed(at(host, HTTPS), minute.at(1_000));
        }
        for (int i = 0; i < PORTS; i++) {
            Tcp.unanswered(at(host, 6_000 + i).deniedByResponder(), minute.at(2_000 + i * 2_000L), 1);
        }
    }

    private Conversation at(Nic host, int port) {
        Peer scanner = Peer.of(SCANNER, play.dice().strangersPort());
        return play.routes().fromInternet(scanner, host, port, Routes.TCP);
    }

    private List<Nic> hosts() {
        DayEstate estate = play.estate();
        List<Nic> hosts = new ArrayList<>(estate.guarded());
        hosts.addAll(estate.batches);
        hosts.addAll(List.of(estate.kiosk, estate.api, estate.builder));
        return hosts;
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium("mixed-scan", "originator=" + SCANNER));
    }
}
