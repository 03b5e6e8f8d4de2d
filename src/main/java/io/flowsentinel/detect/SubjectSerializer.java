package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Subjects, as keys of state: equal ones are equal bytes. */
public final class SubjectSerializer extends NounSerializer<Subject> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Subject value, DataOutputView out) throws IOException {
        out.writeByte(value.space());
        Wire.writeNullable(value.scope(), out);
        Wire.writeNullableAddress(value.address(), out);
        Wire.writeNullableAddress(value.other(), out);
        Wire.writeVarLong(value.port() + 1L, out);
        Wire.writeVarLong(value.protocol() + 1L, out);
        Wire.writeNullable(value.name(), out);
    }

    @Override
    protected Subject read(DataInputView in) throws IOException {
        return new Subject(
                in.readByte(),
                Wire.readRepeated(in),
                Wire.readNullableAddress(in),
                Wire.readNullableAddress(in),
                (int) Wire.readVarLong(in) - 1,
                (int) Wire.readVarLong(in) - 1,
                Wire.readRepeated(in));
    }

    @Override
    public TypeSerializerSnapshot<Subject> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Subject> {
        public Snapshot() {
            super(SubjectSerializer::new, 1);
        }
    }
}
