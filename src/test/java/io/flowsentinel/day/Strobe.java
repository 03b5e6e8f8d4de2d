package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Incident: a batch machine is caught in a loop and opens four connections a second to a service that is gone. */
final class Strobe implements Episode {

    private static final Peer GONE = Peer.of("192.0.2.200", 443);
    private static final int FIRST = Clock.at(13, 0);
    private static final int OPENS_A_MINUTE = 250;
    private static final int MINUTES = 350;

    private final Play play;

    Strobe(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + MINUTES - 1)) {
            for (int i = 0; i < OPENS_A_MINUTE; i++) {
                Conversation talk = play.routes().leaving(looping(), GONE, Routes.TCP, TrafficPath.INTERNET_GATEWAY);
                Tcp.unanswered(talk, minute.at(i * Minute.MILLIS / OPENS_A_MINUTE), 0);
            }
        }
    }

    private Nic looping() {
        return play.estate().batches.get(0);
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium("strobe", "originator=" + looping().address() + " responder=" + GONE.address()));
    }
}
