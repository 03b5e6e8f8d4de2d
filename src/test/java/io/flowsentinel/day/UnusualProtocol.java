package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: Ethernet in IP passes a public host that never had it. */
final class UnusualProtocol implements Episode {

    private static final int ETHERIP = 97;
    private static final int FIRST = Clock.at(21, 25);

    private final Play play;

    UnusualProtocol(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 2)) {
            Conversation talk =
                    play.routes().fromInternet(Peer.of("203.0.113.190", 0), play.estate().kiosk, 0, ETHERIP);
            talk.forward(minute.at(1_000), Tcp.NONE, 9, 9_000);
            talk.reply(minute.at(1_500), Tcp.NONE, 9, 9_000);
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.medium(
                "unusual-protocol", "interface=" + play.estate().kiosk.interfaceId()));
    }
}
