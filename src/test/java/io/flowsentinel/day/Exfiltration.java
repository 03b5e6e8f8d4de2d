package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: an application server sends four gigabytes to somebody on the internet within half an hour. */
final class Exfiltration implements Episode {

    private static final Peer DROP = Peer.of("203.0.113.140", 443);
    private static final int FIRST = Clock.at(11, 30);
    private static final long PART_BYTES = 128L * 1024 * 1024;

    private final Play play;

    Exfiltration(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 29)) {
            Conversation talk = play.routes().throughNat(sender(), DROP, Routes.TCP);
            Tcp.exchange(talk, minute.at(2_000), 40_000, PART_BYTES, 9_000, Tcp.End.FIN);
        }
    }

    private Nic sender() {
        return play.estate().apps.get(3);
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.high("outbound-volume", "endpoint=" + sender().address()),
                Expected.heldBack(
                        "outbound-volume", "endpoint=" + play.estate().nat.address(), Expected.TRANSLATED));
    }
}
