package io.flowsentinel.detect.judging;

import java.util.List;
import java.util.Map;

/**
 * What one subject did in one pane of a family, cell by cell: what counts, and apart from it what else is known. It is
 * what crosses the key exchange, and what state keeps.
 */
public final class Page {

    private static final Cells NONE = new Cells();

    private Cells counting = NONE;
    private Cells facts = NONE;

    /** A page with one cell; the tally is the caller's to give away. */
    public static Page of(boolean fact, Cell cell, Tally tally) {
        Page page = new Page();
        page.put(fact, cell, tally);
        return page;
    }

    /** Keeps a tally of a cell, instead of the one that is there. */
    public void put(boolean fact, Cell cell, Tally tally) {
        Cells cells = cells(fact);
        (cells == NONE ? replaced(fact, new Cells()) : cells).put(cell, tally);
    }

    /** Keeps these cells of a kind alone. */
    public void keep(boolean fact, List<Map.Entry<Cell, Tally>> cells) {
        Cells kept = replaced(fact, new Cells());
        cells.forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    }

    /** What counts. */
    public Cells counting() {
        return counting;
    }

    /** What else is known. */
    public Cells facts() {
        return facts;
    }

    /** Either of the two. */
    public Cells cells(boolean fact) {
        return fact ? facts : counting;
    }

    /** How many cells there are. */
    public int size() {
        return counting.size() + facts.size();
    }

    /** A page of its own, changes of which do not show in this one. */
    public Page copy() {
        Page copy = new Page();
        copy.counting = counting == NONE ? NONE : counting.copy();
        copy.facts = facts == NONE ? NONE : facts.copy();
        return copy;
    }

    private Cells replaced(boolean fact, Cells cells) {
        if (fact) {
            facts = cells;
        } else {
            counting = cells;
        }
        return cells;
    }
}
