package io.flowsentinel.detect;

import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Parts of subjects, as names of state: equal ones are equal bytes. */
public final class SubjectPartSerializer extends NounSerializer<SubjectPart> {

    private static final long serialVersionUID = 1L;

    private static final SubjectSerializer SUBJECTS = new SubjectSerializer();

    @Override
    protected void write(SubjectPart value, DataOutputView out) throws IOException {
        SUBJECTS.serialize(value.subject(), out);
        out.writeByte(value.family());
        out.writeLong(value.pane());
    }

    @Override
    protected SubjectPart read(DataInputView in) throws IOException {
        return new SubjectPart(SUBJECTS.deserialize(in), in.readByte(), in.readLong());
    }

    @Override
    public TypeSerializerSnapshot<SubjectPart> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<SubjectPart> {
        public Snapshot() {
            super(SubjectPartSerializer::new, 1);
        }
    }
}
