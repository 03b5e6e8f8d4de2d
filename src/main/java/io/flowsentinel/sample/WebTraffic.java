package io.flowsentinel.sample;

/** Visitors of the shop: over the load balancer to a web server, some of them on to the application. */
final class WebTraffic implements Script {

    private static final double VISITS_A_MINUTE = 12;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final int APPLICATION = 8080;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;
    private final double scale;

    WebTraffic(Estate estate, Routes routes, Dice dice, double scale) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
        this.scale = scale;
    }

    @Override
    public void play(Minute minute) {
        for (int visits = dice.arrivals(VISITS_A_MINUTE * scale); visits > 0; visits--) {
            visit(minute.sometime(dice));
        }
    }

    private void visit(long at) {
        Nic balancer = dice.pick(estate.balancers);
        boolean ipv6 = balancer.address6() != null && dice.chance(0.15);
        Peer visitor = Peer.of(ipv6 ? dice.stranger6() : dice.stranger(), dice.strangersPort());
        long life = dice.chance(0.05) ? dice.between(60_000, 420_000) : dice.between(200, 20_000);
        browse(visitor, balancer, at, life);
        if (dice.chance(0.02)) {
            // The visitor's system uses the port again once the first connection is closed.
            browse(visitor, balancer, at + life + dice.between(75_000, 150_000), dice.between(200, 9_000));
        }
        if (dice.chance(0.35)) {
            serve(balancer, at + 30, dice.between(100, 5_000));
        }
    }

    private void browse(Peer visitor, Nic balancer, long at, long life) {
        Conversation talk = routes.fromInternet(visitor, balancer, HTTPS, Routes.TCP);
        Tcp.exchange(talk, at, life, dice.size(1_800), dice.size(24_000), end());
    }

    /** Most requests travel on connections the load balancer keeps; these need a new one. */
    private void serve(Nic balancer, long at, long life) {
        Nic web = dice.pick(estate.webs);
        Conversation talk = routes.inside(balancer, web, HTTP, Routes.TCP);
        Tcp.exchange(talk, at, life, dice.size(1_200), dice.size(20_000), Tcp.End.FIN);
        if (dice.chance(0.6)) {
            Conversation call = routes.inside(web, dice.pick(estate.apps), APPLICATION, Routes.TCP);
            Tcp.exchange(call, at + 40, life, dice.size(700), dice.size(5_000), end());
        }
    }

    private Tcp.End end() {
        int kind = dice.between(1, 100);
        if (kind <= 5) {
            return Tcp.End.RESET_BY_ORIGINATOR;
        }
        return kind <= 7 ? Tcp.End.RESET_BY_RESPONDER : Tcp.End.FIN;
    }
}
