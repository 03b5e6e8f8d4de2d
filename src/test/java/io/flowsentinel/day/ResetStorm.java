package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Dice;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/** Incident: the partners' programming interface breaks and resets nearly all of its clients for four minutes. */
final class ResetStorm implements Episode {

    private static final int HTTPS = 443;
    private static final int FIRST = Clock.at(10, 0);
    private static final int CLIENTS_A_MINUTE = 120;

    private final Play play;

    ResetStorm(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 3)) {
            Dice dice = play.dice();
            for (int i = 0; i < CLIENTS_A_MINUTE; i++) {
                Peer client = Peer.of(dice.stranger(), dice.strangersPort());
                Conversation talk = play.routes().fromInternet(client, play.estate().api, HTTPS, Routes.TCP);
                Tcp.exchange(talk, minute.sometime(dice), 300, 600, 200, Tcp.End.RESET_BY_RESPONDER);
            }
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.medium("reset-storm", "responder=" + play.estate().api.address() + " port=" + HTTPS));
    }
}
