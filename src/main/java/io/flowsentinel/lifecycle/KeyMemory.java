package io.flowsentinel.lifecycle;

import java.util.ArrayList;
import java.util.List;

/** What is remembered of one key while it is looked at; between two looks it is packed, see {@link MemoryFormat}. */
final class KeyMemory {

    /** The key need not be looked at again. */
    static final long NOT_DUE = Long.MAX_VALUE;

    /** Null between connections. */
    Tracked current;

    /** Ended but not final yet, in the order in which they ended. */
    final List<Ended> ended = new ArrayList<>(1);

    /** The trace of the last connection, which fell silent; null where it did not, and once another has begun. */
    Tombstone last;

    /** Forgets everything. */
    void clear() {
        current = null;
        ended.clear();
        last = null;
    }

    /** Whether the key may be forgotten. */
    boolean isEmpty() {
        return current == null && ended.isEmpty() && last == null;
    }
}
