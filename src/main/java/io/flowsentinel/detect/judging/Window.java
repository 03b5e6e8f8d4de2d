package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.judging.Sighting.PaneTally;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;

/** The panes a detector judges together, as of one pane's end. */
public final class Window {

    /** By the start of the first sample, then its id; one connection may count in several cells and panes. */
    public static final Comparator<PaneTally> IN_ORDER = Comparator.comparing(
                    (PaneTally entry) -> entry.tally().first(), Sample.BY_START)
            .thenComparing(PaneTally::cell, Cell.ORDER)
            .thenComparingLong(PaneTally::pane);

    private final List<PaneTally> tallies = new ArrayList<>();

    /** Once somebody asks for an order: whoever only counts needs none. */
    private boolean sorted;

    /** Null until they are asked for: nearly nobody asks where nothing else is wrong. */
    private Map<Cell, Integer> facts;

    /** The bits of all facts together, once these are asked for, as is {@link #times}. */
    private int known;

    private Map<Cell, Long> times;

    private final long from;
    private final long pane;
    private final Panes arithmetic;
    private final SortedMap<Long, Pane> panes;

    /**
     * @param from start of the first one
     * @param pane start of the last one, the one that is judged
     * @param panes by their start
     */
    public Window(long from, long pane, Panes arithmetic, SortedMap<Long, Pane> panes) {
        this.from = from;
        this.pane = pane;
        this.arithmetic = arithmetic;
        this.panes = panes;
        panes.forEach((start, one) ->
                one.counting().forEach((cell, tally) -> tallies.add(new PaneTally(start, cell, tally))));
    }

    private void know(Cell cell, Tally fact) {
        facts.merge(cell, fact.facts(), (bits, more) -> bits | more);
        if (fact.count() > 0) {
            times.merge(cell, fact.count(), Long::sum);
        }
    }

    /** Sorted by the start of the first sample, then its id. */
    public List<PaneTally> tallies() {
        if (!sorted) {
            tallies.sort(IN_ORDER);
            sorted = true;
        }
        return tallies;
    }

    /** The same in no order, for whoever only counts; to be read before {@link #tallies} is asked for. */
    public Collection<PaneTally> inNoOrder() {
        return Collections.unmodifiableCollection(tallies);
    }

    /** What counted in one pane, likewise sorted. */
    public static List<PaneTally> sorted(long start, Pane pane) {
        List<PaneTally> tallies = new ArrayList<>();
        pane.counting().forEach((cell, tally) -> tallies.add(new PaneTally(start, cell, tally)));
        tallies.sort(IN_ORDER);
        return tallies;
    }

    /** The pane that is judged, alone. */
    public Window lastPane() {
        return new Window(pane, pane, arithmetic, panes.tailMap(pane));
    }

    /** Epoch seconds of the start of the first pane; what was certain late may have begun before. */
    public long start() {
        return from;
    }

    /** Epoch seconds of the start of the pane that is judged. */
    public long pane() {
        return pane;
    }

    /** Epoch seconds of the end of the pane that is judged. */
    public long end() {
        return arithmetic.endOf(pane);
    }

    /** Seconds. */
    public long paneLength() {
        return arithmetic.length();
    }

    /** Seconds: how far what is logged of a moment may be off. */
    public long interval() {
        return arithmetic.interval();
    }

    /** Whether any fact with one of these bits is known in the window. */
    public boolean knows(int bits) {
        readFacts();
        return (known & bits) != 0;
    }

    /** What else is known, by cell. */
    public Map<Cell, Integer> facts() {
        readFacts();
        return facts;
    }

    private void readFacts() {
        if (facts == null) {
            facts = new HashMap<>();
            times = new HashMap<>();
            panes.values().forEach(pane -> pane.facts().forEach(this::know));
            facts.values().forEach(bits -> known |= bits);
        }
    }

    /** How often what else is known of the cell was told with a number. */
    public long times(Cell cell) {
        readFacts();
        return times.getOrDefault(cell, 0L);
    }

    /** The same of several cells together. */
    public long times(Predicate<Cell> cells) {
        readFacts();
        long all = 0;
        for (Map.Entry<Cell, Long> entry : times.entrySet()) {
            all += cells.test(entry.getKey()) ? entry.getValue() : 0;
        }
        return all;
    }

    /** What else is known of a cell, whatever its allow-list. */
    public boolean knows(Cell cell, int bits) {
        return (facts().getOrDefault(cell.bare(), 0) & bits) != 0;
    }
}
