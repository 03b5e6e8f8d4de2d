package io.flowsentinel.local;

import java.time.Duration;
import java.util.Optional;

/** When the first alert of a run was seen. */
final class FirstAlert {

    private final long beginNanos;
    private volatile Duration after;

    FirstAlert(long beginNanos) {
        this.beginNanos = beginNanos;
    }

    void seen() {
        if (after == null) {
            after = Duration.ofNanos(System.nanoTime() - beginNanos);
        }
    }

    /** Since the job's start; empty where no alert was seen while it ran. */
    Optional<Duration> after() {
        return Optional.ofNullable(after);
    }
}
