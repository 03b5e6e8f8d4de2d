package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Every six hours the manager configures sixty machines of the branches by SSH, as a worm would: an entry of the
 * allow-list says so.
 */
final class ConfigurationRuns implements Episode {

    private static final int SSH = 22;
    private static final int PERIOD = 6 * 60;
    private static final int FIRST = 40;
    private static final int MACHINES_A_MINUTE = 6;
    private static final int MINUTES = 10;

    private final Play play;

    ConfigurationRuns(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        int into = Math.floorMod(minute.index() - FIRST, PERIOD);
        if (into >= MINUTES) {
            return;
        }
        for (int i = 0; i < MACHINES_A_MINUTE; i++) {
            Peer machine = Peer.of(DayEstate.BRANCH + (10 + into * MACHINES_A_MINUTE + i), SSH);
            Conversation talk = play.routes()
                    .leaving(play.estate().manager, machine, Routes.TCP, TrafficPath.VIRTUAL_PRIVATE_GATEWAY);
            Tcp.exchange(talk, minute.at(i * 9_000L), 20_000, 30_000, 9_000, Tcp.End.FIN);
        }
    }

    @Override
    public List<Expected> expected() {
        return IntStream.rangeClosed(0, (Clock.MINUTES - FIRST) / PERIOD)
                .mapToObj(run -> Expected.heldBack(
                        "lateral-fan-out", "originator=" + play.estate().manager.address(), Expected.ALLOWED))
                .toList();
    }
}
