package io.flowsentinel.detect;

import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Wire;
import it.unimi.dsi.fastutil.ints.IntIterator;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** What backlogs have, in state. */
public final class BacklogCountsSerializer extends StateSerializer<BacklogCounts> {

    private static final long serialVersionUID = 1L;

    @Override
    void write(BacklogCounts value, DataOutputView out) throws IOException {
        Wire.writeVarLong(value.weighing().size(), out);
        for (IntIterator hashes = value.weighing().iterator(); hashes.hasNext(); ) {
            int hash = hashes.nextInt();
            out.writeInt(hash);
            Wire.writeVarLong(value.weight(hash), out);
        }
        Wire.writeVarLong(value.roused().size(), out);
        for (IntIterator hashes = value.roused().iterator(); hashes.hasNext(); ) {
            int hash = hashes.nextInt();
            out.writeInt(hash);
            Wire.writeVarLong(value.subjects(hash), out);
        }
        Wire.writeVarLong(value.moments().size(), out);
        for (long moment : value.moments()) {
            out.writeLong(moment);
        }
    }

    @Override
    BacklogCounts read(DataInputView in) throws IOException {
        BacklogCounts counts = new BacklogCounts();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            counts.add(in.readInt(), Wire.readVarLong(in));
        }
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            int hash = in.readInt();
            counts.rouse(hash);
            for (long subjects = Wire.readVarLong(in); subjects > 0; subjects--) {
                counts.begin(hash);
            }
        }
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            counts.moments().add(in.readLong());
        }
        return counts;
    }

    @Override
    public BacklogCounts copy(BacklogCounts from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<BacklogCounts> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<BacklogCounts> {
        public Snapshot() {
            super(BacklogCountsSerializer::new, 2); // the first was by another bucket
        }
    }
}
