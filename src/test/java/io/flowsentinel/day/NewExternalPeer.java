package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: the partners' machine lets somebody in who is neither of the partners. */
final class NewExternalPeer implements Episode {

    private static final int FIRST = Clock.at(21, 20);

    private final Play play;

    NewExternalPeer(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 2)) {
            Peer stranger = Peer.of("203.0.113.99", play.dice().strangersPort());
            Conversation talk = play.routes().fromInternet(stranger, play.estate().partners, 443, Routes.TCP);
            Tcp.exchange(talk, minute.sometime(play.dice()), 2_000, 900, 9_000, Tcp.End.FIN);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium("new-external-peer", "subnet=" + DayEstate.subnet(DayEstate.PARTNERS)));
    }
}
