package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Pane;
import io.flowsentinel.detect.judging.Tally;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A page that is being written. Of more cells than are judged only those are kept that can be among the judged ones, and
 * one more, by which the receiver knows: a scan of millions must not stall the one who judges it.
 */
final class PageInHand {

    /** It is in nobody else's hand. */
    private Page page = new Page();

    private final int kept;

    /** The last of what counts that is kept, as it was then: what is added to it later must not move the limit. */
    private Map.Entry<Cell, Tally> lastCounting;

    private Map.Entry<Cell, Tally> lastFact;

    /** @param family of which no more cells are judged, nor facts, than it says */
    PageInHand(Family family) {
        this.kept = family.most() + 1;
    }

    /**
     * Adds to a cell; the tally is the caller's to give away.
     *
     * @return how many more cells the page has; fewer are negative
     */
    int add(boolean fact, Cell cell, Tally more) {
        int before = page.size();
        Tally known = page.cells(fact).get(cell);
        if (known != null) {
            known.add(more);
            return 0;
        }
        if (!beyond(fact, cell, more)) {
            page.put(fact, cell, more);
            if (page.cells(fact).size() > 2 * kept) {
                thin(fact);
            }
        }
        return page.size() - before;
    }

    int size() {
        return page.size();
    }

    /** Gives the page out of the hand; the next one begins empty. */
    Page take() {
        Page taken = page;
        page = new Page();
        return taken;
    }

    private boolean beyond(boolean fact, Cell cell, Tally tally) {
        Map.Entry<Cell, Tally> last = fact ? lastFact : lastCounting;
        return last != null && order(fact).compare(Map.entry(cell, tally), last) > 0;
    }

    private void thin(boolean fact) {
        List<Map.Entry<Cell, Tally>> first = Pane.first(page.cells(fact), order(fact), kept);
        page.keep(fact, first);
        Map.Entry<Cell, Tally> last = first.get(kept - 1);
        if (fact) {
            lastFact = last;
        } else {
            lastCounting = Map.entry(last.getKey(), last.getValue().firstOnly());
        }
    }

    private static Comparator<Map.Entry<Cell, Tally>> order(boolean fact) {
        return fact ? Pane.FACTS : Pane.COUNTING;
    }
}
