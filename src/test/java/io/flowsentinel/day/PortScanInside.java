package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: an application server tries seventy ports of the database. */
final class PortScanInside implements Episode {

    private static final int FIRST = Clock.at(4, 0);
    private static final int PORTS_A_MINUTE = 10;

    private final Play play;

    PortScanInside(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 6)) {
            for (int i = 0; i < PORTS_A_MINUTE; i++) {
                int port = 1_000 + (minute.index() - FIRST) * PORTS_A_MINUTE + i;
                Conversation talk = play.routes().inside(scanner(), play.estate().database, port, Routes.TCP);
                Tcp.unanswered(talk.deniedByResponder(), minute.at(i * 5_000L), 1);
            }
        }
    }

    private Nic scanner() {
        return play.estate().apps.get(1);
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.high(
                "port-scan",
                "originator=" + scanner().address() + " responder="
                        + play.estate().database.address()));
    }
}
