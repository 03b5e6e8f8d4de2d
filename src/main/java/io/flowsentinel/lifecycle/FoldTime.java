package io.flowsentinel.lifecycle;

import io.flowsentinel.model.FlowRecord;

/**
 * When a record is folded, and the start it is ordered by.
 *
 * <p>A record is folded once event time has passed its start by W + 60 s, or its end where that is later: only then is
 * it certain to be here. A record longer than W + 60 s (W is configured too short) is ordered as if it had started
 * W + 60 s before its end, so that the order of folding never depends on how far event time has come.
 */
final class FoldTime {

    private final long delay;

    /**
     * The fold times of flow logs of one W.
     *
     * @param delay W + 60 s, in seconds
     */
    FoldTime(long delay) {
        this.delay = delay;
    }

    /** Epoch seconds of event time from which the record may be folded. */
    long of(FlowRecord flow) {
        return of(flow.start(), flow.end());
    }

    long of(long start, long end) {
        return Math.max(start + delay, end);
    }

    /** The record's start; W + 60 s before its end where it is longer than that. */
    long effectiveStart(FlowRecord flow) {
        return Math.max(flow.start(), flow.end() - delay);
    }

    /** Whether the record is longer than W + 60 s. */
    boolean isLong(FlowRecord flow) {
        return flow.end() - flow.start() > delay;
    }

    /** Whether a record may be longer than W + 60 s at all. */
    boolean longRecordsExist() {
        return delay < Beginnings.LONGEST_RECORD_SECONDS;
    }

    /** The event time at which every record that starts at or before {@code start} has been folded. */
    long settled(long start) {
        return start + delay;
    }

    /** The latest start such that every record that starts at or before it has been folded by {@code now}. */
    long startsSettledBy(long now) {
        return now - delay;
    }
}
