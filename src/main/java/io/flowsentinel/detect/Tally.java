package io.flowsentinel.detect;

import io.flowsentinel.model.Alert;
import java.util.ArrayList;
import java.util.List;

/**
 * What is kept at one {@link Place}: of what counts the first few contributions and how many there are, of a fact its
 * bits. Whatever order contributions come in, the result is the same.
 */
final class Tally {

    private List<Contribution> firsts;
    private long count;
    private long lastStart;
    private boolean coverageGap;
    private int facts;

    Tally() {
        this(List.of(), 0, Long.MIN_VALUE, false, 0);
    }

    Tally(List<Contribution> firsts, long count, long lastStart, boolean coverageGap, int facts) {
        this.firsts = firsts;
        this.count = count;
        this.lastStart = lastStart;
        this.coverageGap = coverageGap;
        this.facts = facts;
    }

    void add(Contribution contribution) {
        if (!contribution.counts()) {
            facts |= contribution.facts();
            return;
        }
        count++;
        lastStart = Math.max(lastStart, contribution.start());
        coverageGap |= contribution.coverageGap();
        int at = firsts.size();
        while (at > 0 && Contribution.BY_START.compare(firsts.get(at - 1), contribution) > 0) {
            at--;
        }
        if (at < Alert.MAX_EVIDENCE) {
            List<Contribution> kept = new ArrayList<>(firsts.size() + 1);
            kept.addAll(firsts);
            kept.add(at, contribution);
            firsts = kept.size() > Alert.MAX_EVIDENCE ? List.copyOf(kept.subList(0, Alert.MAX_EVIDENCE)) : kept;
        }
    }

    /** Keeps the first contribution alone: what is left does not depend on what an overflow made room for. */
    Tally firstOnly() {
        Tally only = new Tally();
        only.add(first());
        return only;
    }

    Tally copy() {
        return new Tally(List.copyOf(firsts), count, lastStart, coverageGap, facts);
    }

    Contribution first() {
        return firsts.get(0);
    }

    /** Sorted by start, then id; at most {@link Alert#MAX_EVIDENCE}; empty for a fact. */
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

    /** Bits of {@link Contribution#ANSWERED} and {@link Contribution#COMPLETED}. */
    int facts() {
        return facts;
    }
}
