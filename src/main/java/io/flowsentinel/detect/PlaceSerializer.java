package io.flowsentinel.detect;

import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Places, in state. The pane comes first: a backend that sorts keys by their bytes keeps a pane together. */
public final class PlaceSerializer extends NounSerializer<Place> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Place value, DataOutputView out) throws IOException {
        out.writeLong(value.pane());
        out.writeBoolean(value.fact());
        writeCell(value.cell(), out);
    }

    @Override
    protected Place read(DataInputView in) throws IOException {
        return new Place(in.readLong(), in.readBoolean(), readCell(in));
    }

    private static void writeCell(Cell cell, DataOutputView out) throws IOException {
        out.writeBoolean(cell.address() != null);
        if (cell.address() != null) {
            Wire.writeAddress(cell.address(), out);
        }
        out.writeShort(cell.port());
        out.writeByte(cell.protocol());
        Wire.writeNullable(cell.side(), out);
        ContributionSerializer.writeTexts(cell.allowedBy(), out);
    }

    private static Cell readCell(DataInputView in) throws IOException {
        return new Cell(
                in.readBoolean() ? Wire.readAddress(in) : null,
                in.readUnsignedShort(),
                in.readUnsignedByte(),
                Wire.readNullable(in),
                ContributionSerializer.readTexts(in));
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
