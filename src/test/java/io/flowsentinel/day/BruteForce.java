package io.flowsentinel.day;

import io.flowsentinel.sample.Conversation;
import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Peer;
import io.flowsentinel.sample.Routes;
import java.util.List;

/** Incident: SSH of a public host is open to the world, and somebody guesses passwords until one fits. */
final class BruteForce implements Episode {

    private static final String GUESSER = "203.0.113.90";
    private static final int SSH = 22;
    private static final int FIRST = Clock.at(9, 30);

    private final Play play;

    BruteForce(Play play) {
        this.play = play;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 14)) {
            for (int i = 0; i < 3; i++) {
                Logins.failed(guess(), minute.at(i * 19_000L));
            }
        }
        if (minute.index() == FIRST + 16) {
            Logins.succeeded(guess(), minute.at(0));
        }
    }

    private Conversation guess() {
        Peer guesser = Peer.of(GUESSER, play.dice().strangersPort());
        return play.routes().fromInternet(guesser, play.estate().builder, SSH, Routes.TCP);
    }

    private String service() {
        return "responder=" + play.estate().builder.address() + " port=" + SSH;
    }

    @Override
    public List<Expected> expected() {
        return List.of(
                Expected.high("exposed-admin-service", service()),
                Expected.medium("brute-force", "originator=" + GUESSER + " " + service()));
    }
}
