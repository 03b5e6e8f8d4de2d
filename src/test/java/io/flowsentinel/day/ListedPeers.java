package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/**
 * Incident: a web server fetches something from an address that is on a list; another one on it is denied the mail
 * relay.
 */
final class ListedPeers implements Episode {

    static final String CONTACTED = "203.0.113.222";
    static final String DENIED = "203.0.113.223";

    private final Play play;

    ListedPeers(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.index() == Clock.at(17, 0)) {
            Conversation talk =
                    play.routes().throughNat(play.estate().webs.get(1), Peer.of(CONTACTED, 443), Routes.TCP);
            Tcp.exchange(talk, minute.at(2_000), 900, 800, 90_000, Tcp.End.FIN);
        }
        if (minute.index() == Clock.at(17, 30)) {
            Peer denied = Peer.of(DENIED, play.dice().strangersPort());
            Conversation talk = play.routes().fromInternet(denied, play.estate().mail, 22, Routes.TCP);
            Tcp.unanswered(talk.deniedByResponder(), minute.at(2_000), 1);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.high("list-match", "peer=" + CONTACTED),
                Expected.informational("list-match", "peer=" + DENIED));
    }
}
