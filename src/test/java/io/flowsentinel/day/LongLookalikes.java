package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;

/** Connections open for hours that are nobody's tunnel: a visitor's to the shop, and an agent's to an AWS service. */
final class LongLookalikes implements Script {

    private static final Peer AGENTS_SERVICE = new Peer("52.94.77.9", 443, "AMAZON");

    private final Play play;

    LongLookalikes(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.index() == Clock.at(8, 0)) {
            long life = 6 * 60 * Minute.MILLIS;
            Peer visitor = Peer.of("198.51.100.99", 50_123);
            Conversation page =
                    play.routes().fromInternet(visitor, play.estate().balancers.get(0), 443, Routes.TCP);
            Tcp.exchange(page, minute.startMillis(), life, 300_000, 900_000, Tcp.End.FIN);
            Conversation agent = play.routes().throughNat(play.estate().apps.get(2), AGENTS_SERVICE, Routes.TCP);
            Tcp.exchange(agent, minute.startMillis(), life, 300_000, 90_000, Tcp.End.FIN);
        }
    }
}
