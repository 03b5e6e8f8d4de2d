package io.flowsentinel.lifecycle;

import java.util.List;

/**
 * What is remembered of one key that is busy: its open connection and those ended but not final yet. Of a key that is
 * not, nothing stays but the trace of a connection that fell silent, see {@link SilentKeys}.
 */
final class KeyMemory {

    /** Nothing will happen by the passing of time. */
    static final long NOT_DUE = Long.MAX_VALUE;

    /** Null between connections. */
    Tracked current;

    /** In the order in which they ended. */
    List<Ended> ended = List.of();

    /** The trace of the last connection, which fell silent; null where it did not, and once another has begun. */
    Tombstone last;

    /** Epoch seconds of event time at which {@link ConnectionTracker#advance} has something to do. */
    long dueAt = NOT_DUE;

    boolean isBusy() {
        return current != null || !ended.isEmpty();
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
