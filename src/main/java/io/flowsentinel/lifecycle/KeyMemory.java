package io.flowsentinel.lifecycle;

import java.util.List;

/** Everything remembered of one key: its open connection, those ended but not final yet, and a trace of the last. */
final class KeyMemory {

    /** Nothing will happen by the passing of time. */
    static final long NOT_DUE = Long.MAX_VALUE;

    /** Null between connections. */
    Tracked current;

    /** In the order in which they ended. */
    List<Ended> ended = List.of();

    /** Null where no connection ended recently enough to matter. */
    Tombstone last;

    /** Epoch seconds of event time at which {@link ConnectionTracker#advance} has something to do. */
    long dueAt = NOT_DUE;

    boolean isEmpty() {
        return current == null && ended.isEmpty() && last == null;
    }

    KeyMemory copy() {
        KeyMemory copy = new KeyMemory();
        copy.current = current == null ? null : current.copy();
        copy.ended = ended;
        copy.last = last;
        copy.dueAt = dueAt;
        return copy;
    }
}
