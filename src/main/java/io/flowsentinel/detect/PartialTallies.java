package io.flowsentinel.detect;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Adds up what one subtask has to say until it is sent: a flood of connections to one service, or all health checks of
 * one originator, cross the key exchange as one tally a pane.
 */
final class PartialTallies {

    /** More is not held back. */
    private static final int MOST = 20_000;

    private final Map<Key, Tally> held = new HashMap<>();
    private final Consumer<Partial> out;

    private record Key(Subject subject, Place place) {}

    PartialTallies(Consumer<Partial> out) {
        this.out = out;
    }

    void add(Subject subject, Place place, Tally tally) {
        Key key = new Key(subject, place);
        Tally known = held.putIfAbsent(key, tally);
        if (known != null) {
            known.add(tally);
        } else if (held.size() >= MOST) {
            send();
        }
    }

    /** Sends all that is held. */
    void send() {
        held.forEach((key, tally) -> out.accept(new Partial(key.subject(), key.place(), tally)));
        held.clear();
    }
}
