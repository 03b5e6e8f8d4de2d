package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Place;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Places, in state. The family and the pane come first: a backend that sorts keys by their bytes keeps a pane together. */
public final class PlaceSerializer extends NounSerializer<Place> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Place value, DataOutputView out) throws IOException {
        out.writeByte(value.family());
        out.writeLong(value.pane());
        out.writeBoolean(value.fact());
        writeCell(value.cell(), out);
    }

    @Override
    protected Place read(DataInputView in) throws IOException {
        return new Place(in.readByte(), in.readLong(), in.readBoolean(), readCell(in));
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
                Wire.readNullable(in),
                readTexts(in));
    }

    /** Sorted: cells are keys in state, and equal keys have to be equal bytes in every JVM. */
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
            texts.put(Wire.readNullable(in), Wire.readNullable(in));
        }
        return Map.copyOf(texts);
    }

    @Override
    public TypeSerializerSnapshot<Place> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Version 1 of the snapshot. */
    public static final class Snapshot extends FormatSnapshot<Place> {
        public Snapshot() {
            super(PlaceSerializer::new, 1);
        }
    }
}
