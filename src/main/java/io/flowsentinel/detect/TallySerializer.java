package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Tallies, in state and on the way there. */
public final class TallySerializer extends StateSerializer<Tally> {

    private static final long serialVersionUID = 1L;

    private static final SampleSerializer SAMPLES = new SampleSerializer();

    /** Which parts follow: nearly all tallies are of one connection and have few of them. */
    private static final int GAP = 1;

    private static final int AMOUNT = 1 << 1;
    private static final int FACTS = 1 << 2;
    private static final int MOMENTS = 1 << 3;
    private static final int HEAVIEST = 1 << 4;
    private static final int LAST = 1 << 5;

    @Override
    void write(Tally value, DataOutputView out) throws IOException {
        int parts = Wire.part(GAP, value.coverageGap())
                | Wire.part(AMOUNT, value.packets() != 0 || value.bytes() != 0)
                | Wire.part(FACTS, value.facts() != 0)
                | Wire.part(MOMENTS, value.moments().length > 0)
                | Wire.part(HEAVIEST, value.heaviest() != null)
                | Wire.part(LAST, value.lastStart() != firstStart(value.firsts()));
        out.writeByte(parts);
        Wire.writeList(value.firsts(), SAMPLES::serialize, out);
        Wire.writeVarLong(value.count(), out);
        if ((parts & AMOUNT) != 0) {
            Wire.writeVarLong(value.packets(), out);
            Wire.writeVarLong(value.bytes(), out);
        }
        if ((parts & LAST) != 0) {
            out.writeLong(value.lastStart());
        }
        if ((parts & FACTS) != 0) {
            out.writeByte(value.facts());
        }
        if ((parts & MOMENTS) != 0) {
            writeMoments(value.moments(), out);
        }
        if ((parts & HEAVIEST) != 0) {
            SAMPLES.serialize(value.heaviest(), out);
            Wire.writeVarLong(value.weight(), out);
        }
    }

    @Override
    Tally read(DataInputView in) throws IOException {
        int parts = in.readByte();
        List<Sample> firsts = Wire.readList(SAMPLES::deserialize, in);
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
        return (parts & HEAVIEST) != 0 ? tally.heaviest(SAMPLES.deserialize(in), Wire.readVarLong(in)) : tally;
    }

    /** As a fact says it where there is none. */
    private static long firstStart(List<Sample> firsts) {
        return firsts.isEmpty() ? Long.MIN_VALUE : firsts.get(0).start();
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
