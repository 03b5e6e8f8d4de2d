package io.flowsentinel.serde;

import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Folded records where they have to cross between threads: mostly they do not. */
public final class FoldedRecordSerializer extends NounSerializer<FoldedRecord> {

    private static final long serialVersionUID = 1L;

    private final TypeSerializer<FlowRecord> flows = new FlowRecordSerializer();

    @Override
    public TypeSerializer<FoldedRecord> duplicate() {
        return new FoldedRecordSerializer();
    }

    @Override
    protected void write(FoldedRecord folded, DataOutputView out) throws IOException {
        flows.serialize(folded.flow(), out);
        out.writeBoolean(folded.fromOriginator());
        out.writeBoolean(folded.rolesKnown());
        out.writeLong(folded.decidedAt());
    }

    @Override
    protected FoldedRecord read(DataInputView in) throws IOException {
        return new FoldedRecord(flows.deserialize(in), in.readBoolean(), in.readBoolean(), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<FoldedRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<FoldedRecord> {
        public Snapshot() {
            super(FoldedRecordSerializer::new, 1);
        }
    }
}
