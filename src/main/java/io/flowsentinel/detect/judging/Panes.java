package io.flowsentinel.detect.judging;

import java.io.Serializable;
import java.time.Duration;

/**
 * The arithmetic of panes: equal stretches of event time, aligned to the epoch, each evaluated once. All values are
 * seconds; a pane is named by its start.
 *
 * @param length of a pane
 * @param lag how far event time has to be past a pane's end before it is evaluated
 * @param interval the aggregation interval: what is logged of a moment is up to this far off
 */
public record Panes(long length, long lag, long interval) implements Serializable {

    private static final long SHORTEST = 60;
    private static final long SHORTEST_LAG = 150;
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    /** Panes for a rule's window: max(60 s, W), one hour for windows of a day and more. */
    public static Panes of(Duration aggregationInterval, Duration window) {
        long interval = aggregationInterval.toSeconds();
        long length = window.toSeconds() >= DAY ? HOUR : Math.max(SHORTEST, interval);
        return new Panes(length, Math.max(2 * interval, SHORTEST_LAG), interval);
    }

    /** The length of a window in whole panes, at least three aggregation intervals. */
    public long windowOf(Duration window, Duration aggregationInterval) {
        long seconds = Math.max(window.toSeconds(), 3 * aggregationInterval.toSeconds());
        return roundUp(seconds);
    }

    /** The pane a moment is in. */
    public long of(long time) {
        return Math.floorDiv(time, length) * length;
    }

    /** The first second after a pane. */
    public long endOf(long pane) {
        return pane + length;
    }

    /** The event time at which the pane is judged. */
    public long evaluatedAt(long pane) {
        return pane + length + lag;
    }

    /** The pane a connection is counted in: that of its start, or the first judged once it was certain. */
    public long entering(long start, long decidedAt) {
        return Math.max(of(start), firstJudgedFrom(decidedAt));
    }

    /** The first pane whose evaluation is at or after this event time. */
    public long firstJudgedFrom(long time) {
        return roundUp(time - lag - length);
    }

    /** The first pane that ends at or after this time. */
    public long firstEndingFrom(long time) {
        return roundUp(time - length);
    }

    private long roundUp(long seconds) {
        return -Math.floorDiv(-seconds, length) * length;
    }
}
