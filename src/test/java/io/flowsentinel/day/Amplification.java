package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import io.flowsentinel.sample.Tcp;
import java.util.List;

/**
 * Incident: a public host's directory service answers questions in the name of a victim, each with fifty times as
 * much.
 */
final class Amplification implements Episode {

    private static final int CLDAP = 389;
    private static final String VICTIM = "203.0.113.110";
    private static final int FIRST = Clock.at(10, 30);
    private static final int QUESTIONS_A_MINUTE = 120;

    private final Play play;

    Amplification(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 11)) {
            for (int i = 0; i < QUESTIONS_A_MINUTE; i++) {
                Peer victim = Peer.of(VICTIM, 10_000 + (minute.index() - FIRST) * QUESTIONS_A_MINUTE + i);
                Conversation talk = play.routes().fromInternet(victim, play.estate().kiosk, CLDAP, Routes.UDP);
                long at = minute.at(i * 480L);
                talk.forward(at, Tcp.NONE, 1, 60);
                talk.reply(at + 1, Tcp.NONE, 3, 3_000);
            }
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.high(
                "amplification", "responder=" + play.estate().kiosk.address() + " port=" + CLDAP));
    }
}
