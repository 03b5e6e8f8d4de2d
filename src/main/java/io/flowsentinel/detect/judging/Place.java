package io.flowsentinel.detect.judging;

/**
 * Where something is counted: one entry of a subject's state, so that an element reads and writes this one alone.
 *
 * @param family {@link Family#code()} of the rules it is counted for
 * @param pane epoch seconds of the start of the pane
 * @param fact whether this is what else is known of the cell, not what counts
 * @param cell what is counted once
 */
public record Place(int family, long pane, boolean fact, Cell cell) {

    /** Written out, as are equals: asked of nearly every connection. */
    @Override
    public int hashCode() {
        return (31 * cell.hashCode() + Long.hashCode(pane)) * 62 + 2 * family + (fact ? 1 : 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Place that
                && family == that.family
                && pane == that.pane
                && fact == that.fact
                && cell.equals(that.cell);
    }
}
