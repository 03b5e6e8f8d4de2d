package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Court;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Tally;
import java.util.function.LongConsumer;

/**
 * When a key is to be judged next, without looking at anything else: kept small, for everything that counts reads and writes
 * it. Panes are named by their start, times are seconds.
 */
final class Agenda {

    /** No pane has been judged yet. */
    static final long NEVER = Long.MIN_VALUE;

    /** Code of the family whose it is. */
    final int family;

    final PaneFillings panes = new PaneFillings();
    /** What is counted in all panes kept. */
    long counted;
    /** The last pane that was judged. */
    long judged = NEVER;
    /** The first pane at which something is due about a finding; {@link Long#MAX_VALUE} where nothing is. */
    long findingsDue = Long.MAX_VALUE;
    /** The first pane at which what was learned is looked through; {@link Long#MAX_VALUE} where nothing is learned. */
    long memoryDue = Long.MAX_VALUE;

    Agenda(int family) {
        this.family = family;
    }

    /** An agenda with nothing but one page, as it was sent. */
    static Agenda of(int family, long pane, Page page) {
        Agenda agenda = new Agenda(family);
        Filling filling = agenda.filling(pane);
        agenda.noteAll(filling, page.weight(), page.countingCells(), page.factCells());
        filling.page = page;
        return agenda;
    }

    /** The page of an agenda that {@link #of} makes again from it; null where there is more to know, or less. */
    Page onlyPage() {
        boolean plain = judged == NEVER && findingsDue == Long.MAX_VALUE && memoryDue == Long.MAX_VALUE;
        if (!plain || panes.size() != 1) {
            return null;
        }
        Filling filling = panes.filling(0);
        Page page = filling.page;
        boolean same = page != null
                && page.closed()
                && filling.limit == null
                && filling.counted == page.weight()
                && filling.cells == page.countingCells()
                && filling.facts == page.factCells();
        return same ? page : null;
    }

    /** How full a pane is, and with what if that is little. */
    static final class Filling {
        /** What is counted towards {@link Court#least}, see {@link Family#weight}. */
        long counted;
        /** Distinct cells that count; more while the page is closed, though few, see {@link Page#countingCells}. */
        int cells;
        /** Distinct cells of which something else is known; likewise. */
        int facts;
        /** Where it ends that cells are kept; null while all are. */
        Limit limit;
        /** The page itself, where it is small; null where the ledger has it elsewhere. */
        Page page;
        /** Whether the ledger has it elsewhere: once it does, it goes on to. */
        boolean elsewhere;

        /** @param most cells of a pane that are told apart */
        boolean full(int most) {
            return cells > most || limit != null && limit.overflowed;
        }

        Limit limit() {
            if (limit == null) {
                limit = new Limit();
            }
            return limit;
        }

        /** Whether a new cell comes after all those that can be kept. */
        boolean beyond(Cell cell, boolean fact, Tally tally) {
            return limit != null && limit.beyond(cell, fact, tally);
        }

        Filling copy() {
            Filling copy = new Filling();
            copy.counted = counted;
            copy.cells = cells;
            copy.facts = facts;
            copy.limit = limit == null ? null : limit.copy();
            copy.page = page == null ? null : page.copy();
            copy.elsewhere = elsewhere;
            return copy;
        }
    }

    /** What is known of a pane from which cells have been left out. */
    static final class Limit {
        /** Whether cells that count have been. */
        boolean overflowed;

        /** The last sample of those kept; null where all are. */
        Sample lastKept;

        /** Likewise of facts where the last one kept stands, see {@link Cell#mixed}; the largest number before. */
        long lastFact = Long.MAX_VALUE;

        private boolean beyond(Cell cell, boolean fact, Tally tally) {
            return fact
                    ? cell.address() != null && cell.mixed() > lastFact
                    : lastKept != null && Sample.BY_START.compare(tally.first(), lastKept) > 0;
        }

        private Limit copy() {
            Limit copy = new Limit();
            copy.overflowed = overflowed;
            copy.lastKept = lastKept;
            copy.lastFact = lastFact;
            return copy;
        }
    }

    /** How full a pane is; it is begun where it was not. */
    Filling filling(long pane) {
        return panes.getOrBegin(pane);
    }

    /**
     * Notes what is added to a pane.
     *
     * @param count what it weighs; 0 for a fact
     */
    void note(Filling filling, boolean fact, long count, boolean newCell) {
        int cells = newCell ? 1 : 0;
        filling.counted = plus(filling.counted, count);
        counted = plus(counted, count);
        if (fact) {
            filling.facts += cells;
        } else {
            filling.cells += cells;
        }
    }

    /**
     * Notes what is added to a pane that was empty, or whose page is closed.
     *
     * @param weight of all that counts
     */
    void noteAll(Filling filling, long weight, int cells, int facts) {
        filling.counted = plus(filling.counted, weight);
        counted = plus(counted, weight);
        filling.cells += cells;
        filling.facts += facts;
    }

    /** Strikes out the panes that begin earlier; each is shown before. */
    void forgetBefore(long pane, LongConsumer last) {
        panes.removeBefore(pane, (start, filling) -> last.accept(start));
        counted = 0;
        panes.forEach((start, filling) -> counted = plus(counted, filling.counted));
    }

    /** Weights add up to no more than the largest number. */
    static long plus(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Whether there may be findings: of nearly all subjects there are none. */
    boolean hasFindings() {
        return findingsDue != Long.MAX_VALUE;
    }

    /** Whether there is nothing left to look at. */
    boolean isEmpty() {
        return panes.isEmpty() && findingsDue == Long.MAX_VALUE && memoryDue == Long.MAX_VALUE;
    }

    Agenda copy() {
        Agenda copy = new Agenda(family);
        panes.forEach((pane, filling) -> copy.panes.append(pane, filling.copy()));
        copy.counted = counted;
        copy.judged = judged;
        copy.findingsDue = findingsDue;
        copy.memoryDue = memoryDue;
        return copy;
    }
}
