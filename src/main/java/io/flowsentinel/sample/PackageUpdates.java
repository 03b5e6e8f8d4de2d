package io.flowsentinel.sample;

import java.util.List;

/** Every half hour one server after the other fetches packages from the mirrors on the internet. */
final class PackageUpdates implements Script {

    private static final List<Peer> MIRRORS = List.of(Peer.of("203.0.113.200", 443), Peer.of("203.0.113.201", 80));

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    PackageUpdates(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        List<Nic> servers = estate.servers();
        for (int i = 0; i < servers.size(); i++) {
            if (minute.isEvery(30, 2 * i)) {
                update(servers.get(i), minute);
            }
        }
    }

    private void update(Nic server, Minute minute) {
        long at = minute.sometime(dice);
        for (int files = dice.between(1, 4); files > 0; files--) {
            Conversation talk = routes.throughNat(server, dice.pick(MIRRORS), Routes.TCP);
            Tcp.exchange(talk, at, dice.between(500, 90_000), 1_500, dice.size(2_000_000), Tcp.End.FIN);
            at += dice.between(200, 20_000);
        }
    }
}
