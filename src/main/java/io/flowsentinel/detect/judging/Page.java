package io.flowsentinel.detect.judging;

import io.flowsentinel.serde.Wire;
import it.unimi.dsi.fastutil.longs.LongList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What one subject did in one pane of a family, cell by cell: what counts, and apart from it what else is known.
 *
 * <p>A page of little stays closed, in the bytes it came in (see {@link PageFormat}), until somebody asks for a cell: of
 * nearly all pages nobody ever does.
 */
public final class Page {

    private static final Cells NONE = new Cells();

    /** Longer ones are open, in bytes and in entries. */
    static final int LONGEST_CLOSED = 2_048;

    private static final int MOST_CLOSED = 24;

    /** Smaller ones are carried along, in bytes, and while they are open in cells and what they keep of connections. */
    private static final int SMALL = 512;

    private static final int FEW = 2;
    private static final int FEW_MOMENTS = 16;

    /** Null while it is open; not changed, as copies have it too. */
    private byte[] block;

    private String[] texts;

    /** How many entries the block has, of each kind: at least as many as there are cells. */
    private int countingEntries;

    private int factEntries;

    private Cells counting = NONE;
    private Cells facts = NONE;

    private long weight;

    /**
     * A page as it was written, see {@link PageFormat}.
     *
     * @param countingEntries how many cells were written that count; one may have been written several times
     * @param factEntries how many of which something else is known
     * @param weight of all that counts, see {@link Family#weight}; no less than what it weighs when it is added up
     */
    public static Page written(byte[] block, String[] texts, int countingEntries, int factEntries, long weight) {
        Page page = new Page();
        page.block = block;
        page.texts = texts;
        page.countingEntries = countingEntries;
        page.factEntries = factEntries;
        page.weight = weight;
        if (countingEntries + factEntries > MOST_CLOSED || block.length > LONGEST_CLOSED) {
            page.open();
        }
        return page;
    }

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

    /** Adds to the tally of a cell; the one given is the caller's to give away. */
    void add(boolean fact, Cell cell, Tally tally) {
        Tally known = cells(fact).get(cell);
        if (known == null) {
            put(fact, cell, tally);
        } else {
            known.add(tally);
        }
    }

    /** Keeps these cells of a kind alone. */
    public void keep(boolean fact, List<Map.Entry<Cell, Tally>> cells) {
        open();
        Cells kept = replaced(fact, new Cells());
        cells.forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    }

    /** Whether another can be added as it is, and nobody need look into either. */
    public boolean joins(Page more) {
        return closed()
                && more.closed()
                && size() + more.size() <= MOST_CLOSED
                && block.length + more.block.length <= LONGEST_CLOSED;
    }

    /** Adds another page that {@link #joins} this one. */
    public void join(Page more) {
        Page all = joined(List.of(this, more));
        block = all.block;
        texts = all.texts;
        countingEntries = all.countingEntries;
        factEntries = all.factEntries;
        weight = all.weight;
    }

    /** The same as all of these together; null where that is too much to stay closed. */
    public static Page joined(List<Page> pages) {
        int entries = 0;
        int length = 0;
        int textCount = 0;
        for (Page page : pages) {
            if (!page.closed()) {
                return null;
            }
            entries += page.size();
            length += page.block.length;
            textCount += page.texts.length;
        }
        if (entries > MOST_CLOSED || length > LONGEST_CLOSED) {
            return null;
        }
        Page all = new Page();
        all.block = new byte[length];
        all.texts = new String[textCount];
        length = 0;
        textCount = 0;
        for (Page page : pages) {
            System.arraycopy(page.block, 0, all.block, length, page.block.length);
            length += page.block.length;
            System.arraycopy(page.texts, 0, all.texts, textCount, page.texts.length);
            textCount += page.texts.length;
            all.countingEntries += page.countingEntries;
            all.factEntries += page.factEntries;
            all.weight += page.weight;
        }
        return all;
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

    /** How many cells count; of a closed page no less than that. */
    public int countingCells() {
        return closed() ? countingEntries : counting.size();
    }

    /** Of how many cells something else is known; likewise. */
    public int factCells() {
        return closed() ? factEntries : facts.size();
    }

    /** How many cells there are; likewise. */
    public int size() {
        return countingCells() + factCells();
    }

    /** Whether it is little to carry along: a cell or two of few connections. */
    public boolean small() {
        if (closed()) {
            return block.length <= SMALL;
        }
        if (size() > FEW) {
            return false;
        }
        boolean[] small = {true};
        counting.forEach(
                (cell, tally) -> small[0] &= tally.firsts().size() <= FEW && tally.momentCount() <= FEW_MOMENTS);
        return small[0];
    }

    /**
     * Gathers what a glance shows of all that counts, in no order: a page stays closed for whoever needs to know no more.
     *
     * @return false where that is not all there is to know: of a cell there are too many moments, or an allow-list covers
     *     one
     */
    public boolean glance(Glance what, LongList seen) {
        int before = seen.size();
        boolean[] plain = {true};
        if (closed()) {
            try {
                plain[0] = PageFormat.glance(block, what, seen);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read a page", e);
            }
        } else {
            counting.forEach((cell, tally) -> {
                switch (what) {
                    case MOMENTS -> {
                        plain[0] &= cell.allowedBy().isEmpty();
                        seen.addElements(seen.size(), tally.moments());
                    }
                    case ADDRESSES -> seen.add(Cell.fingerprint(cell.address(), 0, 0));
                }
            });
        }
        return plain[0] && (what != Glance.MOMENTS || seen.size() - before <= Tally.MAX_MOMENTS);
    }

    /** Whether it stays as it was written until somebody asks for cells. */
    public boolean closed() {
        return block != null;
    }

    /** What all that counts weighs together, see {@link Family#weight}, of a closed page. */
    public long weight() {
        return weight;
    }

    /** A page of its own, changes of which do not show in this one. */
    public Page copy() {
        Page copy = new Page();
        copy.block = block;
        copy.texts = texts;
        copy.countingEntries = countingEntries;
        copy.factEntries = factEntries;
        copy.counting = counting == NONE ? NONE : counting.copy();
        copy.facts = facts == NONE ? NONE : facts.copy();
        copy.weight = weight;
        return copy;
    }

    /** Adds up what was written, so that it is known how many cells there are. */
    public void open() {
        if (!closed()) {
            return;
        }
        byte[] written = block;
        block = null;
        try {
            PageFormat.read(written, texts, this);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a page", e);
        }
        texts = null;
    }

    private Cells replaced(boolean fact, Cells cells) {
        if (fact) {
            facts = cells;
        } else {
            counting = cells;
        }
        return cells;
    }

    /** Writes it, self-contained; changes nothing in it, for state is written while others read it. */
    public void write(DataOutputView out) throws IOException {
        Wire.writeVarLong(countingCells(), out);
        Wire.writeVarLong(factCells(), out);
        Wire.writeVarLong(weight, out);
        if (closed()) {
            write(block, block.length, Arrays.asList(texts), out);
            return;
        }
        DataOutputSerializer cells = new DataOutputSerializer(SMALL);
        List<String> all = new ArrayList<>();
        for (boolean fact : new boolean[] {false, true}) {
            (fact ? facts : counting).forEach((cell, tally) -> {
                try {
                    PageFormat.write(fact, cell, tally, cells, all::add);
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot write a page", e);
                }
            });
        }
        write(cells.getSharedBuffer(), cells.length(), all, out);
    }

    private static void write(byte[] block, int length, List<String> texts, DataOutputView out) throws IOException {
        Wire.writeVarLong(length, out);
        out.write(block, 0, length);
        Wire.writeVarLong(texts.size(), out);
        for (String text : texts) {
            Wire.writeNullable(text, out);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static Page read(DataInputView in) throws IOException {
        int countingEntries = (int) Wire.readVarLong(in);
        int factEntries = (int) Wire.readVarLong(in);
        long weight = Wire.readVarLong(in);
        byte[] block = new byte[(int) Wire.readVarLong(in)];
        in.readFully(block);
        String[] texts = new String[(int) Wire.readVarLong(in)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Wire.readRepeated(in);
        }
        return written(block, texts, countingEntries, factEntries, weight);
    }
}
