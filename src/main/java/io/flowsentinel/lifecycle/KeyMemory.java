package io.flowsentinel.lifecycle;

import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.List;

/** What is remembered of one key while it is looked at; between two looks it is packed, see {@link MemoryFormat}. */
final class KeyMemory {

    /** The key need not be looked at again. */
    static final long NOT_DUE = Long.MAX_VALUE;

    /** Records that may not be folded yet, in no order. Not to be added to where it is empty, as {@code ended}. */
    List<FlowRecord> waiting = List.of();

    /** Null between connections. */
    Tracked current;

    /** Ended but not final yet, in the order in which they ended. */
    List<Ended> ended = List.of();

    /** The trace of the last connection, which fell silent; null where it did not, and once another has begun. */
    Tombstone last;

    /** Whether the key may be forgotten. */
    boolean isEmpty() {
        return waiting.isEmpty() && current == null && ended.isEmpty() && last == null;
    }

    void await(List<FlowRecord> arrived) {
        if (waiting.isEmpty()) {
            waiting = arrived;
        } else {
            waiting.addAll(arrived);
        }
    }

    /** Takes the records that may be folded by {@code now}, in no order. */
    List<FlowRecord> takeRipe(FoldTime foldTime, long now) {
        List<FlowRecord> ripe = new ArrayList<>(waiting.size());
        List<FlowRecord> unripe = List.of();
        for (FlowRecord flow : waiting) {
            if (foldTime.of(flow) <= now) {
                ripe.add(flow);
            } else {
                unripe = unripe.isEmpty() ? new ArrayList<>() : unripe;
                unripe.add(flow);
            }
        }
        waiting = unripe;
        return ripe;
    }
}
