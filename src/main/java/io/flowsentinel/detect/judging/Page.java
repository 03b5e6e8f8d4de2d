package io.flowsentinel.detect.judging;

import it.unimi.dsi.fastutil.objects.Object2ObjectArrayMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one subject did in one pane of a family, cell by cell: what counts, and apart from it what else is known. It is
 * what crosses the key exchange, and what state keeps.
 */
public final class Page {

    /** Nearly all pages have one or two cells; more than so many are found by hash. */
    private static final int FEW = 8;

    private Map<Cell, Tally> counting = Map.of();
    private Map<Cell, Tally> facts = Map.of();

    /** A page with one cell; the tally is the caller's to give away. */
    public static Page of(boolean fact, Cell cell, Tally tally) {
        Page page = new Page();
        page.put(fact, cell, tally);
        return page;
    }

    /** Null where there is nothing. A change of it is a change of the page. */
    public Tally get(boolean fact, Cell cell) {
        return cells(fact).get(cell);
    }

    /** Keeps a tally of a cell, instead of the one that is there. */
    public void put(boolean fact, Cell cell, Tally tally) {
        Map<Cell, Tally> cells = cells(fact);
        if (cells.isEmpty()) {
            cells = replaced(fact, new Object2ObjectArrayMap<>(1));
        } else if (cells.size() == FEW && cells instanceof Object2ObjectArrayMap) {
            cells = replaced(fact, new Object2ObjectOpenHashMap<>(cells));
        }
        cells.put(cell, tally);
    }

    /** Keeps these cells of a kind alone. */
    public void keep(boolean fact, List<Map.Entry<Cell, Tally>> cells) {
        Map<Cell, Tally> kept = replaced(fact, new Object2ObjectOpenHashMap<>(cells.size()));
        cells.forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    }

    /** What counts, in no order. Not to be changed. */
    public Map<Cell, Tally> counting() {
        return counting;
    }

    /** What else is known, in no order. Not to be changed. */
    public Map<Cell, Tally> facts() {
        return facts;
    }

    /** Either of the two. */
    public Map<Cell, Tally> cells(boolean fact) {
        return fact ? facts : counting;
    }

    /** How many cells there are. */
    public int size() {
        return counting.size() + facts.size();
    }

    /** A page of its own, changes of which do not show in this one. */
    public Page copy() {
        Page copy = new Page();
        counting.forEach((cell, tally) -> copy.put(false, cell, tally.copy()));
        facts.forEach((cell, tally) -> copy.put(true, cell, tally.copy()));
        return copy;
    }

    private Map<Cell, Tally> replaced(boolean fact, Map<Cell, Tally> cells) {
        if (fact) {
            facts = cells;
        } else {
            counting = cells;
        }
        return cells;
    }
}
