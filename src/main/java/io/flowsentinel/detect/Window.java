package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** The panes a detector judges together, as of one pane's end. */
final class Window {

    private static final Comparator<PaneTally> IN_ORDER =
            Comparator.comparing(entry -> entry.tally().first(), Contribution.BY_START);

    private final List<PaneTally> tallies = new ArrayList<>();
    private final Set<Cell> completed = new HashSet<>();
    private final Map<Cell, Integer> facts = new HashMap<>();

    Window(SortedMap<Long, Pane> panes) {
        panes.forEach((start, pane) -> {
            pane.counting()
                    .forEach(entry ->
                            tallies.add(new PaneTally(start, entry.getKey().cell(), entry.getValue())));
            pane.facts()
                    .forEach(entry ->
                            facts.merge(entry.getKey().cell(), entry.getValue().facts(), (one, other) -> one | other));
        });
        tallies.sort(IN_ORDER);
        facts.forEach((cell, bits) -> {
            if ((bits & Contribution.COMPLETED) != 0) {
                completed.add(cell);
            }
        });
    }

    /** Sorted by the start of the first contribution, then its id. */
    List<PaneTally> tallies() {
        return tallies;
    }

    /** Whether the same originator got a connection through to this responder's port. */
    boolean completed(Cell cell) {
        return completed.contains(bare(cell));
    }

    /** Cells whose responder answered. */
    List<Cell> answered() {
        List<Cell> answered = new ArrayList<>();
        facts.forEach((cell, bits) -> {
            if ((bits & Contribution.ANSWERED) != 0) {
                answered.add(cell);
            }
        });
        return answered;
    }

    private static Cell bare(Cell cell) {
        return cell.allowedBy().isEmpty() && cell.side() == null
                ? cell
                : new Cell(cell.address(), cell.port(), cell.protocol(), null, Map.of());
    }
}
