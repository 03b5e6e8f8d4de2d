package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: a web server asks a public resolver that nobody approved. */
final class UnapprovedDns implements Episode {

    private static final Peer RESOLVER = Peer.of("203.0.113.8", 53);
    private static final int FIRST = Clock.at(11, 0);

    private final Play play;

    UnapprovedDns(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 9)) {
            Conversation talk = play.routes().throughNat(asking(), RESOLVER, Routes.UDP);
            long at = minute.sometime(play.dice());
            talk.forward(at, Tcp.NONE, 1, 80);
            talk.reply(at + 9, Tcp.NONE, 1, 300);
        }
    }

    private Nic asking() {
        return play.estate().webs.get(2);
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium("unapproved-dns", "endpoint=" + asking().address()));
    }
}
