package io.flowsentinel.detect;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one key did in one pane. Bounded: beyond {@link #MAX_CELLS} distinct cells the ones that began first are kept,
 * each for its first contribution alone, so that an overflow does not depend on arrival order either.
 */
final class Pane {

    /** Distinct cells that are told apart exactly; no threshold may exceed it. */
    static final int MAX_CELLS = 20_000;

    private final Map<Cell, Tally> tallies;
    private final Map<Cell, Integer> facts;
    private boolean overflowed;
    private long counted;

    Pane() {
        this(new HashMap<>(4), new HashMap<>(4), false, 0);
    }

    Pane(Map<Cell, Tally> tallies, Map<Cell, Integer> facts, boolean overflowed, long counted) {
        this.tallies = tallies;
        this.facts = facts;
        this.overflowed = overflowed;
        this.counted = counted;
    }

    /** Counts a contribution. */
    void count(Cell cell, Contribution contribution) {
        counted++;
        tallies.computeIfAbsent(cell, unseen -> new Tally()).add(contribution);
        if (tallies.size() >= 2 * MAX_CELLS) {
            keepFirstCells();
        }
    }

    /** Notes what else is known of a cell, without counting it. */
    void note(Cell cell, int bits) {
        facts.merge(cell, bits, (one, other) -> one | other);
        if (facts.size() >= 2 * MAX_CELLS) {
            keepLowestFacts();
        }
    }

    /** Brings an overflow to its final form. To be called once, before the pane is first judged. */
    void seal() {
        if (overflowed || tallies.size() > MAX_CELLS) {
            keepFirstCells();
            tallies.replaceAll((cell, tally) -> tally.firstOnly());
        }
        if (facts.size() > MAX_CELLS) {
            keepLowestFacts();
        }
    }

    Map<Cell, Tally> tallies() {
        return tallies;
    }

    /** Bits of {@link Contribution#ANSWERED} and {@link Contribution#COMPLETED} by cell. */
    Map<Cell, Integer> facts() {
        return facts;
    }

    /** Counted connections, at least as many as cells. */
    long counted() {
        return counted;
    }

    boolean overflowed() {
        return overflowed;
    }

    Pane copy() {
        Map<Cell, Tally> copied = new HashMap<>(tallies.size() * 4 / 3 + 1);
        tallies.forEach((cell, tally) -> copied.put(cell, tally.copy()));
        return new Pane(copied, new HashMap<>(facts), overflowed, counted);
    }

    private void keepFirstCells() {
        overflowed = true;
        List<Map.Entry<Cell, Tally>> sorted = tallies.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.comparing(Tally::first, Contribution.BY_START)))
                .toList();
        Set<Cell> kept = new HashSet<>();
        sorted.stream().limit(MAX_CELLS).forEach(entry -> kept.add(entry.getKey()));
        tallies.keySet().retainAll(kept);
    }

    private void keepLowestFacts() {
        List<Cell> lowest = facts.keySet().stream()
                .sorted(Comparator.comparingLong(Cell::fingerprint))
                .limit(MAX_CELLS)
                .toList();
        facts.keySet().retainAll(new HashSet<>(lowest));
    }
}
