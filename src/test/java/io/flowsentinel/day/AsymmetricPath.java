package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: answers of one peer come in by an interface that the questions did not leave by. */
final class AsymmetricPath implements Episode {

    private static final Peer ANSWERING = Peer.of("172.16.6.9", 443);
    private static final int FIRST = Clock.at(16, 0);

    private final Play play;

    AsymmetricPath(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 7)) {
            Peer answering = ANSWERING;
            Conversation talk = play.routes()
                    .fromOffice(answering, play.estate().partners, 40_000 + minute.index() - FIRST)
                    .deniedByResponder();
            talk.forward(minute.sometime(play.dice()), Tcp.SYN_ACK, 1, 60);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.low(
                "unsolicited-synack", "interface=" + play.estate().partners.interfaceId()));
    }
}
