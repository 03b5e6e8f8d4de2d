package io.flowsentinel.detect;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Adds up what one subtask has to say until it has to be sent: a flood of connections to one service, or all health checks
 * of one originator, cross the key exchange as one tally a pane.
 */
final class PartialTallies {

    /** More is not held back. */
    private static final int MOST = 50_000;

    /** By the event time, in epoch seconds, at which the pane is judged. */
    private final TreeMap<Long, Map<Key, Tally>> held = new TreeMap<>();

    private final Consumer<Partial> out;
    private int size;

    private record Key(Subject subject, Place place) {

        @Override
        public int hashCode() {
            return 31 * subject.hashCode() + place.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && place.equals(that.place) && subject.equals(that.subject);
        }
    }

    PartialTallies(Consumer<Partial> out) {
        this.out = out;
    }

    /** @param due epoch seconds of event time by which it has to be there */
    void add(Subject subject, Place place, long due, Tally tally) {
        Tally known = held.computeIfAbsent(due, unseen -> new HashMap<>()).putIfAbsent(new Key(subject, place), tally);
        if (known != null) {
            known.add(tally);
            return;
        }
        size++;
        if (size >= MOST) {
            send();
        }
    }

    /** Sends all that is held. */
    void send() {
        send(held);
    }

    /** Sends what has to be there when event time is this far, in epoch seconds. */
    void sendDue(long time) {
        send(held.headMap(time, true));
    }

    private void send(SortedMap<Long, Map<Key, Tally>> due) {
        for (Map<Key, Tally> tallies : due.values()) {
            tallies.forEach((key, tally) -> out.accept(new Partial(key.subject(), key.place(), tally)));
            size -= tallies.size();
        }
        due.clear();
    }
}
