package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Script;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;

/**
 * The database archives its log every hour and sends itself to S3 at night: terabytes as it may be, to an AWS
 * service.
 */
final class Backups implements Script {

    private static final long PART_BYTES = 256L * 1024 * 1024;

    private final Play play;

    Backups(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        Dice dice = play.dice();
        if (minute.isEvery(20, 7)) {
            send(minute.sometime(dice), 6_000_000);
        }
        if (minute.isIn(Clock.at(2, 0), Clock.at(2, 20))) {
            for (int part = 0; part < 4; part++) {
                send(minute.sometime(dice), PART_BYTES);
            }
        }
    }

    private void send(long at, long bytes) {
        Conversation talk =
                play.routes().leaving(play.estate().database, DayEstate.S3, Routes.TCP, TrafficPath.GATEWAY_ENDPOINT);
        Tcp.exchange(talk, at, play.dice().between(9_000, 50_000), bytes, 9_000, Tcp.End.FIN);
    }
}
