package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: machines of a branch are denied a partner's service for more than a day, then somebody opens it. */
final class NewlyAllowed implements Episode {

    private static final int SERVICE = 9_443;
    private static final int OPENED = Clock.at(21, 35);

    private final Play play;

    NewlyAllowed(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isEvery(60, 30) && minute.index() < OPENED) {
            Tcp.unanswered(talk().deniedByResponder(), minute.sometime(play.dice()), 1);
        }
        if (minute.isIn(OPENED, OPENED + 2)) {
            Tcp.exchange(talk(), minute.sometime(play.dice()), 900, 900, 9_000, Tcp.End.FIN);
        }
    }

    private Conversation talk() {
        Peer branch =
                Peer.of("172.16.9." + play.dice().between(10, 200), play.dice().strangersPort());
        return play.routes().fromOffice(branch, play.estate().partners, SERVICE);
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium(
                "newly-allowed",
                "originator=172.16.9.0/24 responder=" + play.estate().partners.address() + " port=" + SERVICE));
    }
}
