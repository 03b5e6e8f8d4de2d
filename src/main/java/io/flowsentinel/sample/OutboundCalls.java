package io.flowsentinel.sample;

import java.util.List;

/** Payments and other services on the internet that the application calls through the NAT gateway. */
final class OutboundCalls implements Script {

    private static final double CALLS_A_MINUTE = 2;
    private static final List<Peer> SERVICES = List.of(
            Peer.of("192.0.2.15", 443),
            Peer.of("192.0.2.16", 443),
            Peer.of("192.0.2.80", 443),
            new Peer("52.94.5.41", 443, "DYNAMODB"));

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;
    private final double scale;

    OutboundCalls(Estate estate, Routes routes, Dice dice, double scale) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
        this.scale = scale;
    }

    @Override
    public void play(Minute minute) {
        for (int calls = dice.arrivals(CALLS_A_MINUTE * scale); calls > 0; calls--) {
            Conversation talk = routes.throughNat(dice.pick(estate.apps), dice.pick(SERVICES), Routes.TCP);
            long at = minute.sometime(dice);
            if (dice.chance(0.02)) {
                Tcp.unanswered(talk, at, 3);
            } else {
                Tcp.exchange(talk, at, dice.between(80, 9_000), dice.size(2_500), dice.size(6_000), Tcp.End.FIN);
            }
        }
    }
}
