package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Incident: the report server sends something to S3, which its role never used. */
final class UnusualAwsService implements Episode {

    private static final int FIRST = Clock.at(21, 15);

    private final Play play;

    UnusualAwsService(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 4)) {
            Conversation talk = play.routes()
                    .leaving(play.estate().reports, DayEstate.S3, Routes.TCP, TrafficPath.GATEWAY_ENDPOINT);
            Tcp.exchange(talk, minute.sometime(play.dice()), 2_000, 9_000_000, 900, Tcp.End.FIN);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium(
                "unusual-aws-service", "subnet=" + play.estate().reports.subnetId()));
    }
}
