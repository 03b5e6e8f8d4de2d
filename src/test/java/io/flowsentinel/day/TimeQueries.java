package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Every server asks for the time as evenly as a beacon; over UDP 123 that is allowed as shipped. */
final class TimeQueries implements Episode {

    private static final int NTP = 123;
    private static final int PERIOD = 17;

    private final Play play;

    TimeQueries(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        List<Nic> servers = play.estate().servers();
        for (int i = 0; i < servers.size(); i++) {
            if (minute.isEvery(PERIOD, i)) {
                Conversation talk = play.routes().inside(servers.get(i), play.estate().clock, NTP, Routes.UDP);
                long at = minute.at(10_000 + play.dice().between(0, 900));
                talk.forward(at, Tcp.NONE, 1, 76);
                talk.reply(at + 2, Tcp.NONE, 1, 76);
            }
        }
    }

    @Override
    public List<Expected> expected() {
        return play.estate().servers().stream()
                .map(server -> Expected.heldBack(
                        "beacon",
                        "originator=" + server.address() + " responder="
                                + play.estate().clock.address() + " port=" + NTP,
                        Expected.ALLOWED))
                .toList();
    }
}
