package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Cells;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Pages, in state and on the way there. */
public final class PageSerializer extends StateSerializer<Page> {

    private static final long serialVersionUID = 1L;

    private static final TallySerializer TALLIES = new TallySerializer();

    @Override
    void write(Page value, DataOutputView out) throws IOException {
        writeCells(value.counting(), out);
        writeCells(value.facts(), out);
    }

    @Override
    Page read(DataInputView in) throws IOException {
        Page page = new Page();
        readCells(page, false, in);
        readCells(page, true, in);
        return page;
    }

    private static void writeCells(Cells cells, DataOutputView out) throws IOException {
        Wire.writeVarLong(cells.size(), out);
        try {
            cells.forEach((cell, tally) -> {
                try {
                    writeCell(cell, out);
                    TALLIES.write(tally, out);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void readCells(Page page, boolean fact, DataInputView in) throws IOException {
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            page.put(fact, readCell(in), TALLIES.read(in));
        }
    }

    private static void writeCell(Cell cell, DataOutputView out) throws IOException {
        SubjectSerializer.writeAddress(cell.address(), out);
        out.writeShort(cell.port());
        out.writeByte(cell.protocol());
        Wire.writeNullable(cell.side(), out);
        writeTexts(cell.allowedBy(), out);
    }

    private static Cell readCell(DataInputView in) throws IOException {
        return new Cell(
                SubjectSerializer.readAddress(in),
                in.readUnsignedShort(),
                in.readUnsignedByte(),
                Wire.readRepeated(in),
                readTexts(in));
    }

    private static void writeTexts(Map<String, String> texts, DataOutputView out) throws IOException {
        Wire.writeVarLong(texts.size(), out);
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            Wire.writeNullable(text.getKey(), out);
            Wire.writeNullable(text.getValue(), out);
        }
    }

    private static Map<String, String> readTexts(DataInputView in) throws IOException {
        long left = Wire.readVarLong(in);
        if (left == 0) {
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>();
        for (; left > 0; left--) {
            texts.put(Wire.readRepeated(in), Wire.readRepeated(in));
        }
        return Map.copyOf(texts);
    }

    @Override
    public Page copy(Page from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<Page> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Page> {
        public Snapshot() {
            super(PageSerializer::new, 1);
        }
    }
}
