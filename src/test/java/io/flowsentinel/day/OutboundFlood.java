package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Incident: a batch machine floods a stranger with datagrams, close to a gigabyte in ten minutes. */
final class OutboundFlood implements Episode {

    private static final Peer VICTIM = Peer.of("203.0.113.150", 80);
    private static final int FIRST = Clock.at(12, 30);
    private static final long PACKETS_A_SECOND = 25_000;
    private static final long PACKET_BYTES = 60;

    private final Play play;

    OutboundFlood(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.index() == FIRST) {
            Conversation talk = play.routes().leaving(flooder(), VICTIM, Routes.UDP, TrafficPath.INTERNET_GATEWAY);
            for (int second = 0; second < 600; second++) {
                talk.forward(minute.at(second * 1_000L), Tcp.NONE, PACKETS_A_SECOND, PACKETS_A_SECOND * PACKET_BYTES);
            }
        }
    }

    private Nic flooder() {
        return play.estate().batches.get(2);
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.high("outbound-dos", "originator=" + flooder().address() + " responder=" + VICTIM.address()),
                Expected.heldBack("outbound-volume", "endpoint=" + flooder().address(), Expected.MUTED));
    }
}
