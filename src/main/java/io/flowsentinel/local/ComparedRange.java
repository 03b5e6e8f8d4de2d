package io.flowsentinel.local;

import java.time.Duration;
import java.time.Instant;
import javax.annotation.Nullable;

/**
 * The event time in which two runs are compared by what they decided.
 *
 * @param after the moment before it; null for none
 * @param through its last moment
 */
record ComparedRange(@Nullable Instant after, Instant through) {

    /** A live job knows connections closed that a replay sees cut off: none waits longer than this by default. */
    private static final Duration EDGE = Duration.ofMinutes(30);

    boolean contains(Instant moment) {
        return (after == null || moment.isAfter(after)) && !moment.isAfter(through);
    }

    /** Whether a finding reaches over one of the ends, where two runs may differ for what lies beyond. */
    boolean isAtEdge(Finding finding) {
        return (after != null && finding.firstSeen().isBefore(after))
                || finding.lastSeen().isAfter(through.minus(EDGE));
    }
}
