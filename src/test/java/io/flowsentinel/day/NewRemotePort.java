package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: an application server connects to a port that its role never used. Another port it tries twice only. */
final class NewRemotePort implements Episode {

    private static final Peer ODD = Peer.of("203.0.113.180", 4_444);
    private static final Peer SELDOM = Peer.of("203.0.113.181", 4_445);
    private static final int FIRST = Clock.at(21, 10);

    private final Play play;

    NewRemotePort(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 4)) {
            connect(ODD, minute);
        }
        if (minute.isIn(FIRST, FIRST + 1)) {
            connect(SELDOM, minute);
        }
    }

    private void connect(Peer peer, Minute minute) {
        Conversation talk = play.routes().throughNat(connecting(), peer, Routes.TCP);
        Tcp.exchange(talk, minute.sometime(play.dice()), 2_000, 900, 900, Tcp.End.FIN);
    }

    private Nic connecting() {
        return play.estate().apps.get(1);
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.medium("new-remote-port", "subnet=" + connecting().subnetId()),
                Expected.heldBack(
                        "new-remote-port",
                        "endpoint=" + play.estate().nat.address() + " subnet="
                                + play.estate().nat.subnetId(),
                        Expected.TRANSLATED));
    }
}
