package io.flowsentinel.detect;

import io.flowsentinel.model.Alert;
import java.util.ArrayList;
import java.util.List;

/**
 * The contributions of one cell in one pane: the first few, and how many. Whatever order they come in, the result is
 * the same.
 */
final class Tally {

    private final List<Contribution> firsts;
    private long count;
    private long lastStart;
    private boolean coverageGap;

    Tally() {
        this(new ArrayList<>(1), 0, Long.MIN_VALUE, false);
    }

    Tally(List<Contribution> firsts, long count, long lastStart, boolean coverageGap) {
        this.firsts = firsts;
        this.count = count;
        this.lastStart = lastStart;
        this.coverageGap = coverageGap;
    }

    void add(Contribution contribution) {
        count++;
        lastStart = Math.max(lastStart, contribution.start());
        coverageGap |= contribution.coverageGap();
        int at = firsts.size();
        while (at > 0 && Contribution.BY_START.compare(firsts.get(at - 1), contribution) > 0) {
            at--;
        }
        if (at < Alert.MAX_EVIDENCE) {
            firsts.add(at, contribution);
        }
        if (firsts.size() > Alert.MAX_EVIDENCE) {
            firsts.remove(Alert.MAX_EVIDENCE);
        }
    }

    /** Keeps the first contribution alone: what is left does not depend on what an overflow made room for. */
    Tally firstOnly() {
        Tally only = new Tally();
        only.add(first());
        return only;
    }

    Tally copy() {
        return new Tally(new ArrayList<>(firsts), count, lastStart, coverageGap);
    }

    Contribution first() {
        return firsts.get(0);
    }

    /** Sorted by start, then id; at most {@link Alert#MAX_EVIDENCE}. */
    List<Contribution> firsts() {
        return firsts;
    }

    long count() {
        return count;
    }

    long lastStart() {
        return lastStart;
    }

    boolean coverageGap() {
        return coverageGap;
    }
}
