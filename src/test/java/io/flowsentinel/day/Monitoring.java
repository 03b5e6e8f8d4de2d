package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/**
 * The monitor reads every server's figures as evenly as a beacon, which inside is a dry run, pings some, and once
 * asks sixty ports of a host that restarts, each again until it answers.
 */
final class Monitoring implements Episode {

    private static final int EXPORTER = 9100;
    private static final int PERIOD = 10;
    private static final int FIRST_CHANGING_PORT = 20_000;
    private static final int PORTS_A_MINUTE = 4;

    private final Play play;

    Monitoring(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        DayEstate estate = play.estate();
        Dice dice = play.dice();
        List<Nic> servers = estate.servers();
        for (int i = 0; i < servers.size(); i++) {
            if (minute.isEvery(PERIOD, i)) {
                Conversation talk = play.routes().inside(estate.monitor, servers.get(i), EXPORTER, Routes.TCP);
                Tcp.exchange(talk, minute.at(20_000 + dice.between(0, 900)), 400, 300, 45_000, Tcp.End.FIN);
            }
        }
        if (minute.isEvery(5, 1)) {
            ping(dice.pick(servers), minute.sometime(dice));
        }
        if (minute.isIn(Clock.at(18, 0), Clock.at(18, 14))) {
            for (int i = 0; i < PORTS_A_MINUTE; i++) {
                int port = FIRST_CHANGING_PORT + (minute.index() - Clock.at(18, 0)) * PORTS_A_MINUTE + i;
                long at = minute.at(i * 9_000L);
                Tcp.refused(play.routes().inside(estate.monitor, estate.reports, port, Routes.TCP), at);
                Conversation again = play.routes().inside(estate.monitor, estate.reports, port, Routes.TCP);
                Tcp.exchange(again, at + 20_000, 100, 300, 900, Tcp.End.FIN);
            }
        }
    }

    private void ping(Nic server, long at) {
        Conversation talk = play.routes().inside(play.estate().monitor, server, 0, Routes.ICMP);
        for (int i = 0; i < 3; i++) {
            talk.forward(at + i * 1_000L, Tcp.NONE, 1, 84);
            talk.reply(at + i * 1_000L + 1, Tcp.NONE, 1, 84);
        }
    }

    @Override
    public List<Expected> expected() {
        return play.estate().servers().stream()
                .map(server -> Expected.heldBack(
                        "beacon",
                        "originator=" + play.estate().monitor.address() + " responder=" + server.address() + " port="
                                + EXPORTER,
                        Expected.DRY_RUN))
                .toList();
    }
}
