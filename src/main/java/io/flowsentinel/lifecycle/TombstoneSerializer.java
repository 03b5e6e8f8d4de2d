package io.flowsentinel.lifecycle;

import io.flowsentinel.serde.NounSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The trace of a silent connection as a value in a bucket's state. */
final class TombstoneSerializer extends NounSerializer<Tombstone> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Tombstone last, DataOutputView out) throws IOException {
        last.write(out);
    }

    @Override
    protected Tombstone read(DataInputView in) throws IOException {
        return Tombstone.read(in);
    }

    @Override
    public TypeSerializerSnapshot<Tombstone> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Version 1 of the format. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Tombstone> {
        public Snapshot() {
            super(TombstoneSerializer::new);
        }
    }
}
