package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/**
 * Incident: a forgotten machine tries a port of a neighbour every eight minutes, all day, and hardly does anything
 * else.
 */
final class SlowScan implements Episode {

    private static final int PERIOD = 8;

    private final Play play;

    SlowScan(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(Clock.at(1, 0), Clock.at(19, 0)) && minute.isEvery(PERIOD, 4)) {
            int pair = minute.index() / PERIOD;
            Peer neighbour = Peer.of("10.40.20." + (40 + pair % 40), 8_000 + pair % 7);
            Conversation talk = play.routes().leaving(play.estate().spare, neighbour, Routes.TCP, TrafficPath.SAME_VPC);
            Tcp.unanswered(talk, minute.sometime(play.dice()), 1);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.medium("slow-scan", "originator=" + play.estate().spare.address()));
    }
}
