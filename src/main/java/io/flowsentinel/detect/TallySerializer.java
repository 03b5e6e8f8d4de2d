package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Tallies, in state and on the way there. */
public final class TallySerializer extends StateSerializer<Tally> {

    private static final long serialVersionUID = 1L;

    private static final SampleSerializer SAMPLES = new SampleSerializer();

    @Override
    void write(Tally value, DataOutputView out) throws IOException {
        Wire.writeList(value.firsts(), SAMPLES::serialize, out);
        Wire.writeVarLong(value.count(), out);
        Wire.writeVarLong(value.packets(), out);
        Wire.writeVarLong(value.bytes(), out);
        out.writeLong(value.lastStart());
        out.writeBoolean(value.coverageGap());
        out.writeByte(value.facts());
        writeMoments(value.moments(), out);
        out.writeBoolean(value.heaviest() != null);
        if (value.heaviest() != null) {
            SAMPLES.serialize(value.heaviest(), out);
            Wire.writeVarLong(value.weight(), out);
        }
    }

    @Override
    Tally read(DataInputView in) throws IOException {
        Tally tally = new Tally(
                Wire.readList(SAMPLES::deserialize, in),
                Wire.readVarLong(in),
                Wire.readVarLong(in),
                Wire.readVarLong(in),
                in.readLong(),
                in.readBoolean(),
                in.readByte(),
                readMoments(in));
        return in.readBoolean() ? tally.heaviest(SAMPLES.deserialize(in), Wire.readVarLong(in)) : tally;
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

    @Override
    public Tally copy(Tally from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<Tally> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Tally> {
        public Snapshot() {
            super(TallySerializer::new, 1);
        }
    }
}
