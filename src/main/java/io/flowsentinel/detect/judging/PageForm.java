package io.flowsentinel.detect.judging;

import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A page as it is sent and kept: one block of bytes, and beside it the texts in the order in which they are read, which
 * many pages have in common. Immutable. Of nearly all pages nobody ever wants to know more than how many cells they have.
 */
final class PageForm {

    /** Which parts of a tally follow: nearly all are of one connection and have few of them. */
    private static final int GAP = 1;

    private static final int AMOUNT = 1 << 1;
    private static final int FACTS = 1 << 2;
    private static final int MOMENTS = 1 << 3;
    private static final int HEAVIEST = 1 << 4;
    private static final int LAST = 1 << 5;

    private static final int USUAL_SIZE = 160;

    private final byte[] block;
    private final String[] texts;

    private PageForm(byte[] block, String[] texts) {
        this.block = block;
        this.texts = texts;
    }

    /** The form of all cells, what counts first. */
    static PageForm of(Cells counting, Cells facts) {
        Writer writer = new Writer();
        counting.forEach(writer::cell);
        facts.forEach(writer::cell);
        return new PageForm(writer.out.getCopyOfBuffer(), writer.texts.toArray(String[]::new));
    }

    /** How many bytes the block has. */
    int size() {
        return block.length;
    }

    /** Puts back what it was made of. */
    void read(Cells counting, int countingCells, Cells facts, int factCells) {
        Reader reader = new Reader(block, texts);
        try {
            for (int i = 0; i < countingCells; i++) {
                counting.put(reader.cell(), reader.tally());
            }
            for (int i = 0; i < factCells; i++) {
                facts.put(reader.cell(), reader.tally());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a page", e);
        }
    }

    /** Writes it, self-contained. */
    void write(DataOutputView out) throws IOException {
        Wire.writeVarLong(block.length, out);
        out.write(block);
        Wire.writeVarLong(texts.length, out);
        for (String text : texts) {
            Wire.writeNullable(text, out);
        }
    }

    /** Reads what {@link #write} wrote. */
    static PageForm read(DataInputView in) throws IOException {
        byte[] block = new byte[(int) Wire.readVarLong(in)];
        in.readFully(block);
        String[] texts = new String[(int) Wire.readVarLong(in)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Wire.readRepeated(in);
        }
        return new PageForm(block, texts);
    }

    /** As a fact says it where there is none. */
    private static long firstStart(List<Sample> firsts) {
        return firsts.isEmpty() ? Long.MIN_VALUE : firsts.get(0).start();
    }

    private static final class Writer {

        private final DataOutputSerializer out = new DataOutputSerializer(USUAL_SIZE);
        private final List<String> texts = new ArrayList<>(8);

        void cell(Cell cell, Tally tally) {
            try {
                write(cell);
                write(tally);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write a page", e);
            }
        }

        private void write(Cell cell) throws IOException {
            Wire.writeNullableAddress(cell.address(), out);
            out.writeShort(cell.port());
            out.writeByte(cell.protocol());
            texts.add(cell.side());
            Wire.writeVarLong(cell.allowedBy().size(), out);
            if (!cell.allowedBy().isEmpty()) {
                new TreeMap<>(cell.allowedBy()).forEach((rule, entry) -> {
                    texts.add(rule);
                    texts.add(entry);
                });
            }
        }

        private void write(Tally tally) throws IOException {
            int parts = Wire.part(GAP, tally.coverageGap())
                    | Wire.part(AMOUNT, tally.packets() != 0 || tally.bytes() != 0)
                    | Wire.part(FACTS, tally.facts() != 0)
                    | Wire.part(MOMENTS, tally.moments().length > 0)
                    | Wire.part(HEAVIEST, tally.heaviest() != null)
                    | Wire.part(LAST, tally.lastStart() != firstStart(tally.firsts()));
            out.writeByte(parts);
            Wire.writeList(tally.firsts(), (sample, each) -> write(sample), out);
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
                write(tally.heaviest());
                Wire.writeVarLong(tally.weight(), out);
            }
        }

        private void write(Sample sample) throws IOException {
            out.writeLong(sample.start());
            sample.form().write(out, texts);
        }
    }

    private static final class Reader {

        private final DataInputDeserializer in;
        private final String[] texts;
        private int next;

        Reader(byte[] block, String[] texts) {
            this.in = new DataInputDeserializer(block);
            this.texts = texts;
        }

        Cell cell() throws IOException {
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

        Tally tally() throws IOException {
            int parts = in.readByte();
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
            return new Sample(in.readLong(), SampleForm.read(in, this::text));
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
