package io.flowsentinel.detect.judging;

import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What one subject did in one pane of a family, cell by cell: what counts, and apart from it what else is known. It is
 * what crosses the key exchange, and what state keeps. It knows its own form, as most pages never leave it.
 */
public final class Page {

    private static final Cells NONE = new Cells();

    /** Smaller pages, in bytes and in cells, stay in their form. */
    private static final int SMALL = 1_024;

    private static final int FEW = 2;
    private static final int FEW_MOMENTS = 16;

    /** Null where all is in {@link #counting} and {@link #facts}. */
    private PageForm form;

    private int countingCells;
    private int factCells;

    private Cells counting = NONE;
    private Cells facts = NONE;

    private long weight;

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
        open();
        Cells kept = replaced(fact, new Cells());
        cells.forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    }

    /** What counts. */
    public Cells counting() {
        open();
        return counting;
    }

    /** What else is known. */
    public Cells facts() {
        open();
        return facts;
    }

    /** Either of the two. */
    public Cells cells(boolean fact) {
        return fact ? facts() : counting();
    }

    /** How many cells count. */
    public int countingCells() {
        return form == null ? counting.size() : countingCells;
    }

    /** Of how many cells something else is known. */
    public int factCells() {
        return form == null ? facts.size() : factCells;
    }

    /** How many cells there are. */
    public int size() {
        return countingCells() + factCells();
    }

    /** Whether it is little to carry along: a cell or two of few connections. */
    public boolean small() {
        if (form != null) {
            return true;
        }
        if (size() > FEW) {
            return false;
        }
        boolean[] small = {true};
        counting.forEach(
                (cell, tally) -> small[0] &= tally.firsts().size() <= FEW && tally.moments().length <= FEW_MOMENTS);
        return small[0];
    }

    /** Whether it stays in its form until somebody asks for cells. */
    public boolean closed() {
        return form != null;
    }

    /** Says what all that counts weighs together, see {@link Family#weight}: of a page that is sent. */
    public Page weighing(long all) {
        weight = all;
        return this;
    }

    /** What was said; 0 where nothing was. */
    public long weight() {
        return weight;
    }

    /** A page of its own, changes of which do not show in this one. */
    public Page copy() {
        Page copy = new Page();
        copy.form = form;
        copy.countingCells = countingCells;
        copy.factCells = factCells;
        copy.counting = counting == NONE ? NONE : counting.copy();
        copy.facts = facts == NONE ? NONE : facts.copy();
        copy.weight = weight;
        return copy;
    }

    private void open() {
        if (form == null) {
            return;
        }
        counting = countingCells == 0 ? NONE : new Cells();
        facts = factCells == 0 ? NONE : new Cells();
        form.read(counting, countingCells, facts, factCells);
        form = null;
    }

    private Cells replaced(boolean fact, Cells cells) {
        if (fact) {
            facts = cells;
        } else {
            counting = cells;
        }
        return cells;
    }

    /** Writes it, self-contained. */
    public void write(DataOutputView out) throws IOException {
        Wire.writeVarLong(countingCells(), out);
        Wire.writeVarLong(factCells(), out);
        Wire.writeVarLong(weight, out);
        (form == null ? PageForm.of(counting, facts) : form).write(out);
    }

    /** Reads what {@link #write} wrote. */
    public static Page read(DataInputView in) throws IOException {
        Page page = new Page();
        page.countingCells = (int) Wire.readVarLong(in);
        page.factCells = (int) Wire.readVarLong(in);
        page.weight = Wire.readVarLong(in);
        page.form = PageForm.read(in);
        if (page.countingCells + page.factCells > FEW || page.form.size() > SMALL) {
            page.open();
        }
        return page;
    }
}
