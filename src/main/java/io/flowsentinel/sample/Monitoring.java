package io.flowsentinel.sample;

import java.util.List;

/** The monitoring host reads every server's figures over connections it keeps, and pings some. */
final class Monitoring implements Script {

    private static final int EXPORTER = 9100;
    private static final int LIFE_MINUTES = 60;

    private final Estate estate;
    private final Routes routes;
    private final Dice dice;

    Monitoring(Estate estate, Routes routes, Dice dice) {
        this.estate = estate;
        this.routes = routes;
        this.dice = dice;
    }

    @Override
    public void play(Minute minute) {
        List<Nic> servers = estate.servers();
        for (int i = 0; i < servers.size(); i++) {
            if (minute.isEvery(LIFE_MINUTES, 3 * i)) {
                watch(servers.get(i), minute.sometime(dice));
            }
        }
        if (minute.isEvery(5, 1)) {
            ping(dice.pick(servers), minute.sometime(dice));
        }
    }

    private void watch(Nic server, long at) {
        Conversation talk = routes.inside(estate.monitor, server, EXPORTER, Routes.TCP);
        long life = (LIFE_MINUTES - 1) * Minute.MILLIS;
        Tcp.exchange(talk, at, life, 60 * 300L, 60 * 45_000L, Tcp.End.FIN);
    }

    private void ping(Nic server, long at) {
        Conversation talk = routes.inside(estate.monitor, server, 0, Routes.ICMP);
        for (int i = 0; i < 3; i++) {
            talk.forward(at + i * 1_000L, Tcp.NONE, 1, 84);
            talk.reply(at + i * 1_000L + 1, Tcp.NONE, 1, 84);
        }
    }
}
