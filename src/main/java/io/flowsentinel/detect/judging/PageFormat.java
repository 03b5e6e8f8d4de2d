package io.flowsentinel.detect.judging;

import io.flowsentinel.model.IpAddress;
import io.flowsentinel.serde.Wire;
import it.unimi.dsi.fastutil.longs.LongList;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How cells and their tallies are sent and kept: bytes, one cell after the other, and beside them the texts in the order in
 * which they are read, which many cells have in common. So pages about the same are put together by putting their bytes one
 * behind the other: a cell may come several times, and adds up when it is read.
 */
public final class PageFormat {

    /** Which parts of a tally follow: nearly all are of one connection and have few of them. */
    private static final int GAP = 1;

    private static final int AMOUNT = 1 << 1;
    private static final int FACTS = 1 << 2;
    private static final int MOMENTS = 1 << 3;
    private static final int HEAVIEST = 1 << 4;
    private static final int LAST = 1 << 5;

    /** Not what counts, but what else is known. */
    private static final int KNOWN = 1 << 6;

    private PageFormat() {}

    /** Writes a cell and its tally, and gives away the texts they take. */
    public static void write(boolean fact, Cell cell, Tally tally, DataOutputView out, Consumer<String> texts)
            throws IOException {
        write(cell, out, texts);
        int parts = Wire.part(GAP, tally.coverageGap())
                | Wire.part(AMOUNT, tally.packets() != 0 || tally.bytes() != 0)
                | Wire.part(FACTS, tally.facts() != 0)
                | Wire.part(MOMENTS, tally.momentCount() > 0)
                | Wire.part(HEAVIEST, tally.heaviest() != null)
                | Wire.part(LAST, tally.lastStart() != firstStart(tally.firsts()))
                | Wire.part(KNOWN, fact);
        out.writeByte(parts);
        Wire.writeVarLong(tally.firsts().size(), out);
        for (int i = 0; i < tally.firsts().size(); i++) { // of nearly all one: no iterator for it
            write(tally.firsts().get(i), out, texts);
        }
        Wire.writeVarLong(tally.count(), out);
        if ((parts & AMOUNT) != 0) {
            Wire.writeVarLong(tally.packets(), out);
            Wire.writeVarLong(tally.bytes(), out);
        }
        if ((parts & LAST) != 0) {
            out.writeLong(tally.lastStart());
        }
        if ((parts & FACTS) != 0) {
            out.writeByte(tally.facts());
        }
        if ((parts & MOMENTS) != 0) {
            writeMoments(tally.moments(), out);
        }
        if ((parts & HEAVIEST) != 0) {
            write(tally.heaviest(), out, texts);
            Wire.writeVarLong(tally.weight(), out);
        }
    }

    private static void write(Cell cell, DataOutputView out, Consumer<String> texts) throws IOException {
        Wire.writeNullableAddress(cell.address(), out);
        out.writeShort(cell.port());
        out.writeByte(cell.protocol());
        texts.accept(cell.side());
        Wire.writeVarLong(cell.allowedBy().size(), out);
        if (!cell.allowedBy().isEmpty()) {
            new TreeMap<>(cell.allowedBy()).forEach((rule, entry) -> {
                texts.accept(rule);
                texts.accept(entry);
            });
        }
    }

    private static void write(Sample sample, DataOutputView out, Consumer<String> texts) throws IOException {
        out.writeLong(sample.start());
        sample.form().write(out, texts);
    }

    /** Adds all that was written to a page. */
    static void read(byte[] block, String[] texts, Page page) throws IOException {
        Reader reader = new Reader(block, texts);
        while (reader.in.available() > 0) {
            reader.addTo(page);
        }
    }

    /**
     * Gathers what a glance shows of all that counts, without reading anything else.
     *
     * @return false where an allow-list covers some of it and makes a difference: what is left without has to be read
     */
    static boolean glance(byte[] block, Glance what, LongList seen) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(block);
        while (in.available() > 0) {
            IpAddress address = Wire.readNullableAddress(in);
            in.skipBytesToRead(Short.BYTES + 1);
            boolean covered = Wire.readVarLong(in) > 0;
            int parts = in.readByte();
            boolean counts = (parts & KNOWN) == 0;
            if (counts && what == Glance.MOMENTS && covered) {
                return false;
            }
            if (counts && what == Glance.ADDRESSES) {
                seen.add(Cell.fingerprint(address, 0, 0));
            }
            for (long left = Wire.readVarLong(in); left > 0; left--) {
                skipSample(in);
            }
            Wire.readVarLong(in);
            if ((parts & AMOUNT) != 0) {
                Wire.readVarLong(in);
                Wire.readVarLong(in);
            }
            in.skipBytesToRead(((parts & LAST) != 0 ? Long.BYTES : 0) + ((parts & FACTS) != 0 ? 1 : 0));
            if ((parts & MOMENTS) != 0) {
                long moment = 0;
                for (long left = Wire.readVarLong(in); left > 0; left--) {
                    moment += Wire.readVarLong(in);
                    if (counts && what == Glance.MOMENTS) {
                        seen.add(moment);
                    }
                }
            }
            if ((parts & HEAVIEST) != 0) {
                skipSample(in);
                Wire.readVarLong(in);
            }
        }
        return true;
    }

    private static void skipSample(DataInputDeserializer in) throws IOException {
        in.skipBytesToRead(Long.BYTES);
        in.skipBytesToRead((int) Wire.readVarLong(in) + 1);
    }

    /** As a fact says it where there is none. */
    private static long firstStart(List<Sample> firsts) {
        return firsts.isEmpty() ? Long.MIN_VALUE : firsts.get(0).start();
    }

    private static final class Reader {

        private final byte[] block;
        private final DataInputDeserializer in;
        private final String[] texts;
        private int next;

        Reader(byte[] block, String[] texts) {
            this.block = block;
            this.in = new DataInputDeserializer(block);
            this.texts = texts;
        }

        void addTo(Page page) throws IOException {
            Cell cell = cell();
            int parts = in.readByte();
            page.add((parts & KNOWN) != 0, cell, tally(parts));
        }

        private Cell cell() throws IOException {
            return new Cell(
                    Wire.readNullableAddress(in), in.readUnsignedShort(), in.readUnsignedByte(), text(), allowedBy());
        }

        private Map<String, String> allowedBy() throws IOException {
            long left = Wire.readVarLong(in);
            if (left == 0) {
                return Map.of();
            }
            Map<String, String> allowedBy = new HashMap<>();
            for (; left > 0; left--) {
                allowedBy.put(text(), text());
            }
            return Map.copyOf(allowedBy);
        }

        private Tally tally(int parts) throws IOException {
            List<Sample> firsts = Wire.readList(each -> sample(), in);
            long count = Wire.readVarLong(in);
            boolean amount = (parts & AMOUNT) != 0;
            Tally tally = new Tally(
                    firsts,
                    count,
                    amount ? Wire.readVarLong(in) : 0,
                    amount ? Wire.readVarLong(in) : 0,
                    (parts & LAST) != 0 ? in.readLong() : firstStart(firsts),
                    (parts & GAP) != 0,
                    (parts & FACTS) != 0 ? in.readByte() : 0,
                    (parts & MOMENTS) != 0 ? readMoments(in) : Tally.NO_MOMENTS);
            return (parts & HEAVIEST) != 0 ? tally.heaviest(sample(), Wire.readVarLong(in)) : tally;
        }

        private Sample sample() throws IOException {
            long start = in.readLong();
            SampleForm form = SampleForm.read(in, block, texts, next);
            next += form.textCount();
            // Of much that is written together few samples are kept.
            return new Sample(start, block.length <= Page.LONGEST_CLOSED ? form : form.alone());
        }

        private String text() {
            return texts[next++];
        }
    }

    /** Sorted, so each takes what it is more than the one before. */
    private static void writeMoments(long[] moments, DataOutputView out) throws IOException {
        Wire.writeVarLong(moments.length, out);
        long before = 0;
        for (long moment : moments) {
            Wire.writeVarLong(moment - before, out);
            before = moment;
        }
    }

    private static long[] readMoments(DataInputView in) throws IOException {
        long[] moments = new long[(int) Wire.readVarLong(in)];
        long before = 0;
        for (int i = 0; i < moments.length; i++) {
            before += Wire.readVarLong(in);
            moments[i] = before;
        }
        return moments;
    }
}
