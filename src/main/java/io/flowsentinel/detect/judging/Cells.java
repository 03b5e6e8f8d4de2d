package io.flowsentinel.detect.judging;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Tallies by cell, in no order: nearly always one or two, which take no more room than they need. */
public final class Cells {

    /** More are found by hash. */
    private static final int FEW = 8;

    private Cell[] cells = new Cell[1];
    private Tally[] tallies = new Tally[1];
    private int size;

    /** Null up to {@link #FEW} of them; beyond, all are here. */
    private Map<Cell, Tally> many;

    Cells() {}

    /** Null where there is none. A change of it is a change of these. */
    public Tally get(Cell cell) {
        if (many != null) {
            return many.get(cell);
        }
        int at = indexOf(cell);
        return at < 0 ? null : tallies[at];
    }

    /** Keeps a tally of a cell, instead of the one that is there. */
    void put(Cell cell, Tally tally) {
        if (many != null) {
            many.put(cell, tally);
            return;
        }
        int at = indexOf(cell);
        if (at >= 0) {
            tallies[at] = tally;
        } else if (size == FEW) {
            many = new HashMap<>(4 * FEW);
            forEachOfFew(many::put);
            many.put(cell, tally);
            cells = null;
            tallies = null;
        } else {
            append(cell, tally);
        }
    }

    private void append(Cell cell, Tally tally) {
        if (size == cells.length) {
            cells = Arrays.copyOf(cells, 2 * size);
            tallies = Arrays.copyOf(tallies, 2 * size);
        }
        cells[size] = cell;
        tallies[size] = tally;
        size++;
    }

    private int indexOf(Cell cell) {
        for (int i = 0; i < size; i++) {
            if (cells[i].equals(cell)) {
                return i;
            }
        }
        return -1;
    }

    /** How many there are. */
    public int size() {
        return many == null ? size : many.size();
    }

    /** Shows each; nothing may be changed meanwhile. */
    public void forEach(BiConsumer<Cell, Tally> reader) {
        if (many != null) {
            many.forEach(reader);
        } else {
            forEachOfFew(reader);
        }
    }

    private void forEachOfFew(BiConsumer<Cell, Tally> reader) {
        for (int i = 0; i < size; i++) {
            reader.accept(cells[i], tallies[i]);
        }
    }

    Cells copy() {
        Cells copy = new Cells();
        forEach((cell, tally) -> copy.put(cell, tally.copy()));
        return copy;
    }
}
