package io.flowsentinel.sample;

/** The little traffic of the two public hosts beside the shop. */
final class KioskVisits implements Script {

    private static final int HTTP = 80;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    KioskVisits(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        if (dice.chance(0.4)) {
            Peer visitor = Peer.of(dice.stranger(), dice.strangersPort());
            Conversation talk = routes.fromInternet(visitor, estate.kiosk, HTTP, Routes.TCP);
            Tcp.exchange(talk, minute.sometime(dice), 700, 600, dice.size(9_000), Tcp.End.FIN);
        }
        if (minute.isEvery(10, 7)) {
            Conversation fetch = routes.leaving(
                    estate.builder, Peer.of("192.0.2.80", 443), Routes.TCP, TrafficPath.INTERNET_GATEWAY);
            Tcp.exchange(fetch, minute.sometime(dice), 20_000, 4_000, dice.size(900_000), Tcp.End.FIN);
        }
    }
}
