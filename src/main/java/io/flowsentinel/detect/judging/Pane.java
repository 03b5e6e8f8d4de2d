package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.settings.RuleSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A page as it is judged. Bounded: beyond {@link Family#most} distinct cells the ones that began first are judged, each
 * for its first sample alone, and of facts those first in {@link Cell#ORDER}, so that an overflow does not depend on
 * arrival order.
 */
public final class Pane {

    /** Distinct cells that are told apart exactly, unless the family says fewer: well above any threshold. */
    public static final int MAX_CELLS = 2 * RuleSettings.HIGHEST_THRESHOLD;

    /** In which order cells that count are kept: total, so that it does not depend on how they came. */
    public static final Comparator<Map.Entry<Cell, Tally>> COUNTING = Comparator.comparing(
                    (Map.Entry<Cell, Tally> entry) -> entry.getValue().first(), Sample.BY_START)
            .thenComparing(Map.Entry::getKey, Cell.ORDER);

    /** In which order facts are. */
    public static final Comparator<Map.Entry<Cell, Tally>> FACTS = Map.Entry.comparingByKey(Cell.ORDER);

    private final Cells counting;
    private final Cells facts;

    private Pane(Cells counting, Cells facts) {
        this.counting = counting;
        this.facts = facts;
    }

    /**
     * Leaves out what is beyond the bound, and brings a pane that overflowed to its final form, which all orders of
     * arrival share. What is not beyond it is the page's own: read before anything is added to that.
     *
     * @param most cells that count, and as many facts
     */
    public static Pane of(Page page, boolean overflowed, int most) {
        Cells counting = bounded(page.counting(), COUNTING, most);
        return new Pane(overflowed ? firstsOf(counting) : counting, bounded(page.facts(), FACTS, most));
    }

    private static Cells bounded(Cells cells, Comparator<Map.Entry<Cell, Tally>> order, int most) {
        if (cells.size() <= most) {
            return cells;
        }
        Cells kept = new Cells();
        first(cells, order, most).forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
        return kept;
    }

    private static Cells firstsOf(Cells cells) {
        Cells firsts = new Cells();
        cells.forEach((cell, tally) -> firsts.put(cell, tally.firstOnly()));
        return firsts;
    }

    /** What counts. */
    public Cells counting() {
        return counting;
    }

    /** What else is known. */
    public Cells facts() {
        return facts;
    }

    /** The first cells in an order; all of them, in none, where there are no more. */
    public static List<Map.Entry<Cell, Tally>> first(Cells cells, Comparator<Map.Entry<Cell, Tally>> order, int most) {
        List<Map.Entry<Cell, Tally>> entries = new ArrayList<>(cells.size());
        cells.forEach((cell, tally) -> entries.add(Map.entry(cell, tally)));
        if (entries.size() <= most) {
            return entries;
        }
        entries.sort(order);
        return new ArrayList<>(entries.subList(0, most));
    }
}
