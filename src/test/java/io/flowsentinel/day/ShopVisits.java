package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;

/**
 * Visitors of the shop, bots among them: over the load balancers to a web server, some of them on to the application.
 */
final class ShopVisits implements Script {

    private static final double VISITS_A_MINUTE = 6;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int APPLICATION = 8080;

    private final Play play;

    ShopVisits(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        for (int visits = play.dice().arrivals(VISITS_A_MINUTE); visits > 0; visits--) {
            visit(minute.sometime(play.dice()));
        }
    }

    private void visit(long at) {
        Dice dice = play.dice();
        Nic balancer = dice.pick(play.estate().balancers);
        boolean ipv6 = balancer.address6() != null && dice.chance(0.15);
        Peer visitor = Peer.of(ipv6 ? dice.stranger6() : dice.stranger(), dice.strangersPort());
        long life = dice.chance(0.05) ? dice.between(60_000, 420_000) : dice.between(200, 20_000);
        // Half a gigabyte an hour and more leaves the load balancers, hour after hour.
        Conversation talk = play.routes().fromInternet(visitor, balancer, HTTPS, Routes.TCP);
        Tcp.exchange(talk, at, life, dice.size(1_800), dice.size(1_200_000), end());
        if (dice.chance(0.35)) {
            serve(balancer, at + 30, dice.between(100, 5_000));
        }
    }

    private void serve(Nic balancer, long at, long life) {
        Dice dice = play.dice();
        Nic web = dice.pick(play.estate().webs);
        Conversation talk = play.routes().inside(balancer, web, HTTP, Routes.TCP);
        Tcp.exchange(talk, at, life, dice.size(1_200), dice.size(20_000), Tcp.End.FIN);
        if (dice.chance(0.6)) {
            Conversation call = play.routes().inside(web, dice.pick(play.estate().apps), APPLICATION, Routes.TCP);
            Tcp.exchange(call, at + 40, life, dice.size(700), dice.size(5_000), end());
        }
    }

    private Tcp.End end() {
        int kind = play.dice().between(1, 100);
        if (kind <= 5) {
            return Tcp.End.RESET_BY_ORIGINATOR;
        }
        return kind <= 7 ? Tcp.End.RESET_BY_RESPONDER : Tcp.End.FIN;
    }
}
