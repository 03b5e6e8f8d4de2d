package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import io.flowsentinel.sample.TrafficPath;
import java.util.List;

/** Incident: a public host carries data in its pings. */
final class IcmpTunnel implements Episode {

    private static final String OTHER_END = "203.0.113.60";
    private static final int FIRST = Clock.at(11, 15);

    private final Play play;

    IcmpTunnel(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 9)) {
            Conversation talk = play.routes()
                    .leaving(play.estate().api, Peer.of(OTHER_END, 0), Routes.ICMP, TrafficPath.INTERNET_GATEWAY);
            talk.forward(minute.at(5_000), Tcp.NONE, 30, 30 * 900);
            talk.reply(minute.at(5_500), Tcp.NONE, 30, 30 * 900);
        }
        if (minute.index() == FIRST + 60) {
            // Somebody looks for the path's MTU: large packets, but few.
            Conversation talk = play.routes()
                    .leaving(play.estate().api, Peer.of("203.0.113.61", 0), Routes.ICMP, TrafficPath.INTERNET_GATEWAY);
            talk.forward(minute.at(5_000), Tcp.NONE, 12, 12 * 1_400);
            talk.reply(minute.at(5_500), Tcp.NONE, 12, 12 * 1_400);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium(
                "icmp-volume",
                "peer=" + OTHER_END + " endpoint=" + play.estate().api.address()));
    }
}
