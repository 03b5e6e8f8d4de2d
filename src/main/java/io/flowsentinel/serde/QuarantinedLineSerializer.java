package io.flowsentinel.serde;

import io.flowsentinel.model.QuarantinedLine;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Lines on their way to the quarantine feed. */
public final class QuarantinedLineSerializer extends NounSerializer<QuarantinedLine> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(QuarantinedLine line, DataOutputView out) throws IOException {
        Wire.writeNullable(line.object(), out);
        Wire.writeVarLong(line.lineNumber(), out);
        Wire.writeNullable(line.line(), out);
        Wire.writeNullable(line.reason(), out);
        Wire.writeVarLong(line.timeMillis(), out);
    }

    @Override
    protected QuarantinedLine read(DataInputView in) throws IOException {
        return new QuarantinedLine(
                Wire.readNullable(in),
                Wire.readVarLong(in),
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readVarLong(in));
    }

    @Override
    public TypeSerializerSnapshot<QuarantinedLine> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<QuarantinedLine> {
        public Snapshot() {
            super(QuarantinedLineSerializer::new, 1);
        }
    }
}
