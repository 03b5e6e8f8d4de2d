package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Memory;

/**
 * An exponentially weighted moving average over panes, alpha 0.1, 0 for a subject never seen. The pane that is judged is
 * not in it, and it stands still while the condition holds: else the second minute of a steady flood would be usual.
 *
 * @param value of the panes before {@code next}
 * @param next start of the first pane that is not in it
 */
record Ewma(double value, long next) {

    private static final double ALPHA = 0.1;

    /** Below it the average is 0, so that a subject at rest is forgotten. */
    private static final double NOTHING = 1e-3;

    /** The average a subject begins with. */
    static Ewma unseen(long pane) {
        return new Ewma(0, pane);
    }

    /** Takes in a pane, and the empty ones before it. */
    Ewma plus(double amount, long pane, long paneLength) {
        double after = restedUntil(pane, paneLength).value;
        return new Ewma(after + ALPHA * (amount - after), pane + paneLength);
    }

    /** Passes over a pane without taking it in, and takes in the empty ones before it. */
    Ewma frozen(long pane, long paneLength) {
        return new Ewma(restedUntil(pane, paneLength).value, pane + paneLength);
    }

    /** The average before a pane, when nothing happened since. One step a pane: the same however it is asked. */
    Ewma restedUntil(long pane, long paneLength) {
        double rested = value;
        for (long at = next; at < pane && rested > 0; at += paneLength) {
            rested -= ALPHA * rested;
            if (rested < NOTHING) {
                rested = 0;
            }
        }
        return new Ewma(rested, Math.max(pane, next));
    }

    static Ewma read(Memory memory, String name, long pane) {
        long[] stored = memory.get(name);
        return stored == null ? unseen(pane) : new Ewma(Double.longBitsToDouble(stored[0]), stored[1]);
    }

    void write(Memory memory, String name) {
        memory.put(name, new long[] {Double.doubleToLongBits(value), next});
    }
}
