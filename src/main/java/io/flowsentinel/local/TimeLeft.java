package io.flowsentinel.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.annotation.Nullable;

/**
 * Estimates how long a replay still takes, at its pace so far: by the share of its objects that is read once all of them
 * are known, before that by the share of its range that event time has come through.
 */
final class TimeLeft {

    /** Before so much is done, and so much time has passed, an estimate is a guess. */
    private static final double LEAST_SHARE = 0.02;

    private static final double LEAST_SECONDS = 2;

    private final long beginNanos;
    private final long toSeconds;

    /** Where event time began: the range's, or what was seen first of a run that goes on from a savepoint. */
    private long fromSeconds;

    /** What the run was given as read already; -1 while nothing is known. */
    private long finishedBefore = -1;

    /**
     * Begins now.
     *
     * @param nowNanos of {@link System#nanoTime}
     * @param from of the range; null for where the savepoint was
     * @param to of the range
     */
    TimeLeft(long nowNanos, @Nullable Instant from, Instant to) {
        this.beginNanos = nowNanos;
        this.fromSeconds = from == null ? Long.MIN_VALUE : from.getEpochSecond();
        this.toSeconds = to.getEpochSecond();
    }

    /** Empty while too little is done to tell. */
    Optional<Duration> of(Progress progress, long nowNanos) {
        if (progress.objectsFound() == 0) {
            return Optional.empty();
        }
        if (finishedBefore < 0) {
            finishedBefore = fromSeconds == Long.MIN_VALUE ? progress.objectsFinished() : 0;
        }
        if (fromSeconds == Long.MIN_VALUE && progress.eventTimeSeconds() > 0) {
            fromSeconds = progress.eventTimeSeconds();
        }
        double share = progress.allFound() ? ofObjects(progress) : ofTime(progress);
        double seconds = (nowNanos - beginNanos) / 1e9;
        if (share < LEAST_SHARE || seconds < LEAST_SECONDS) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.round(seconds * (1 - share) / share)));
    }

    private double ofObjects(Progress progress) {
        return share(progress.objectsFinished() - finishedBefore, progress.objectsFound() - finishedBefore);
    }

    private double ofTime(Progress progress) {
        return progress.eventTimeSeconds() <= 0 || fromSeconds == Long.MIN_VALUE
                ? 0
                : share(progress.eventTimeSeconds() - fromSeconds, toSeconds - fromSeconds);
    }

    private static double share(long done, long all) {
        return all <= 0 ? 0 : Math.min(1, Math.max(0, (double) done / all));
    }
}
