package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: an administrator's machine keeps a connection to somebody on the internet open for six hours. */
final class Tunnel implements Episode {

    private static final Peer FAR_END = Peer.of("203.0.113.160", 443);

    private final Play play;

    Tunnel(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.index() == Clock.at(13, 0)) {
            Conversation talk = play.routes().throughNat(play.estate().workstation, FAR_END, Routes.TCP);
            Tcp.exchange(talk, minute.startMillis(), 6 * 60 * Minute.MILLIS, 900_000, 900_000, Tcp.End.FIN);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.low("long-connection", between(play.estate().workstation)),
                Expected.heldBack("long-connection", between(play.estate().nat), Expected.TRANSLATED));
    }

    private static String between(Nic originator) {
        return "originator=" + originator.address() + " responder=" + FAR_END.address();
    }
}
