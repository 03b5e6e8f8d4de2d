package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Incident: somebody at an administrator's machine logs in to sixty machines of the branches in ten minutes. */
final class LateralFanOut implements Episode {

    private static final int SSH = 22;
    private static final int FIRST = Clock.at(6, 30);
    private static final int MACHINES_A_MINUTE = 6;

    private final Play play;

    LateralFanOut(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 9)) {
            for (int i = 0; i < MACHINES_A_MINUTE; i++) {
                Peer machine = Peer.of(DayEstate.BRANCH + (10 + (minute.index() - FIRST) * MACHINES_A_MINUTE + i), SSH);
                Conversation talk = play.routes()
                        .leaving(play.estate().workstation, machine, Routes.TCP, TrafficPath.VIRTUAL_PRIVATE_GATEWAY);
                Tcp.exchange(talk, minute.at(i * 9_000L), 5_000, 6_000, 9_000, Tcp.End.FIN);
            }
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.high(
                "lateral-fan-out", "originator=" + play.estate().workstation.address()));
    }
}
