package io.flowsentinel.serde;

import io.flowsentinel.model.LateRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Records on their way to the late feed. */
public final class LateRecordSerializer extends NounSerializer<LateRecord> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(LateRecord late, DataOutputView out) throws IOException {
        Wire.writeRef(late.ref(), out);
        Wire.writeNullable(late.line(), out);
        Wire.writeVarLong(late.lateByMillis(), out);
    }

    @Override
    protected LateRecord read(DataInputView in) throws IOException {
        return new LateRecord(Wire.readRef(in), Wire.readNullable(in), Wire.readVarLong(in));
    }

    @Override
    public TypeSerializerSnapshot<LateRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<LateRecord> {
        public Snapshot() {
            super(LateRecordSerializer::new, 1);
        }
    }
}
