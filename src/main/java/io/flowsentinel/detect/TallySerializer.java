package io.flowsentinel.detect;

import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Tallies, in state. */
public final class TallySerializer extends StateSerializer<Tally> {

    private static final long serialVersionUID = 1L;

    private static final ContributionSerializer CONTRIBUTIONS = new ContributionSerializer();

    @Override
    void write(Tally value, DataOutputView out) throws IOException {
        Wire.writeList(value.firsts(), CONTRIBUTIONS::serialize, out);
        Wire.writeVarLong(value.count(), out);
        out.writeLong(value.lastStart());
        out.writeBoolean(value.coverageGap());
        out.writeByte(value.facts());
    }

    @Override
    Tally read(DataInputView in) throws IOException {
        return new Tally(
                Wire.readList(CONTRIBUTIONS::deserialize, in),
                Wire.readVarLong(in),
                in.readLong(),
                in.readBoolean(),
                in.readByte());
    }

    @Override
    public Tally copy(Tally from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<Tally> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Version 1 of the snapshot. */
    public static final class Snapshot extends FormatSnapshot<Tally> {
        public Snapshot() {
            super(TallySerializer::new, 1);
        }
    }
}
