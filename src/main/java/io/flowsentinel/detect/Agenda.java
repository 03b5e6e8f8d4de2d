package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Court;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Tally;
import java.util.TreeMap;

/**
 * When a key is to be judged next, without looking at anything else: kept small, for everything that counts reads and writes
 * it. Panes are named by their start, times are seconds.
 */
final class Agenda {

    /** No pane has been judged yet. */
    static final long NEVER = Long.MIN_VALUE;

    final TreeMap<Long, Filling> panes = new TreeMap<>();
    /** What is counted in all panes kept. */
    long counted;
    /** The last pane that was judged. */
    long judged = NEVER;
    /** The first pane at which something is due about a finding; {@link Long#MAX_VALUE} where nothing is. */
    long findingsDue = Long.MAX_VALUE;
    /** The first pane at which what was learned is looked through; {@link Long#MAX_VALUE} where nothing is learned. */
    long memoryDue = Long.MAX_VALUE;

    /** How full a pane is. */
    static final class Filling {
        /** What is counted towards {@link Court#least}, see {@link Court#weight}. */
        long counted;
        /** Distinct cells that count. */
        int cells;
        /** Distinct cells of which something else is known. */
        int facts;
        /** Whether cells have been left out. */
        boolean overflowed;

        /** Of a pane from which cells have been left out the last sample of those kept; null before. */
        Sample lastKept;

        /** Likewise of facts where the last one kept stands, see {@link Cell#mixed}; the largest number before. */
        long lastFact = Long.MAX_VALUE;

        /** @param most cells of a pane that are told apart */
        boolean full(int most) {
            return overflowed || cells > most;
        }

        /** Whether a new cell comes after all those that can be kept. */
        boolean beyond(Cell cell, boolean fact, Tally tally) {
            return fact
                    ? cell.address() != null && cell.mixed() > lastFact
                    : lastKept != null && Sample.BY_START.compare(tally.first(), lastKept) > 0;
        }
    }

    /** How full a pane is; it is begun where it was not. */
    Filling filling(long pane) {
        return panes.computeIfAbsent(pane, unseen -> new Filling());
    }

    /**
     * Notes what is added to a pane.
     *
     * @param count what it weighs; 0 for a fact
     */
    void note(Filling filling, boolean fact, long count, boolean newCell) {
        int cells = newCell ? 1 : 0;
        filling.counted += count;
        counted += count;
        if (fact) {
            filling.facts += cells;
        } else {
            filling.cells += cells;
        }
    }

    /** Strikes out the panes that begin earlier. */
    void forgetBefore(long pane) {
        var old = panes.headMap(pane, false);
        for (Filling filling : old.values()) {
            counted -= filling.counted;
        }
        old.clear();
    }

    /** Whether there is nothing left to look at. */
    boolean isEmpty() {
        return panes.isEmpty() && findingsDue == Long.MAX_VALUE && memoryDue == Long.MAX_VALUE;
    }

    Agenda copy() {
        Agenda copy = new Agenda();
        panes.forEach((pane, filling) -> {
            Filling same = new Filling();
            same.counted = filling.counted;
            same.cells = filling.cells;
            same.facts = filling.facts;
            same.overflowed = filling.overflowed;
            same.lastKept = filling.lastKept;
            same.lastFact = filling.lastFact;
            copy.panes.put(pane, same);
        });
        copy.counted = counted;
        copy.judged = judged;
        copy.findingsDue = findingsDue;
        copy.memoryDue = memoryDue;
        return copy;
    }
}
