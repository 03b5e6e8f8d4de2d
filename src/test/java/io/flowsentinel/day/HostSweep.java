package io.flowsentinel.day;

import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Incident: an application server looks for file shares on seventy addresses of a subnet that nobody uses. */
final class HostSweep implements Episode {

    private static final int FILE_SHARES = 445;
    private static final int FIRST = Clock.at(5, 0);
    private static final int HOSTS_A_MINUTE = 14;

    private final Play play;

    HostSweep(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 4)) {
            int from = 100 + (minute.index() - FIRST) * HOSTS_A_MINUTE;
            for (int i = from; i < from + HOSTS_A_MINUTE; i++) {
                Peer nobody = Peer.of("10.40.21." + i, FILE_SHARES);
                Tcp.unanswered(
                        play.routes().leaving(sweeper(), nobody, Routes.TCP, TrafficPath.SAME_VPC),
                        minute.at((i - from) * 4_100L),
                        1);
            }
        }
    }

    private Nic sweeper() {
        return play.estate().apps.get(2);
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.high("host-sweep", "originator=" + sweeper().address() + " port=" + FILE_SHARES));
    }
}
