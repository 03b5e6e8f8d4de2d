package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: an application server calls home every ten minutes. */
final class Beacon implements Episode {

    private static final Peer HOME = Peer.of("203.0.113.77", 443);
    private static final int PERIOD = 10;

    private final Play play;

    Beacon(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(Clock.at(5, 0), Clock.at(20, 59)) && minute.isEvery(PERIOD, 6)) {
            Conversation talk = play.routes().throughNat(infected(), HOME, Routes.TCP);
            Tcp.exchange(talk, minute.at(play.dice().between(0, 9_000)), 300, 700, 400, Tcp.End.FIN);
        }
    }

    private Nic infected() {
        return play.estate().apps.get(0);
    }

    private static String from(Nic originator) {
        return "originator=" + originator.address() + " responder=" + HOME.address() + " port=" + HOME.port();
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.high("beacon", from(infected())),
                Expected.heldBack("beacon", from(play.estate().nat), Expected.TRANSLATED));
    }
}
