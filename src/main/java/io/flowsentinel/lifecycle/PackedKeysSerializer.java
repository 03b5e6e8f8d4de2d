package io.flowsentinel.lifecycle;

import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A bucket's packed keys in a checkpoint: the names they refer to, then their bytes. */
public final class PackedKeysSerializer extends NounSerializer<PackedKeys> {

    private static final long serialVersionUID = 1L;

    private transient NamesFormat names;

    @Override
    public TypeSerializer<PackedKeys> duplicate() {
        return new PackedKeysSerializer();
    }

    @Override
    protected void write(PackedKeys keys, DataOutputView out) throws IOException {
        names().write(keys.names(), out);
        Wire.writeVarLong(keys.entries().length, out);
        out.write(keys.entries());
    }

    @Override
    protected PackedKeys read(DataInputView in) throws IOException {
        Names read = names().read(in);
        byte[] entries = new byte[(int) Wire.readVarLong(in)];
        in.readFully(entries);
        return new PackedKeys(entries, read);
    }

    private NamesFormat names() {
        if (names == null) {
            names = new NamesFormat();
        }
        return names;
    }

    @Override
    public TypeSerializerSnapshot<PackedKeys> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<PackedKeys> {
        public Snapshot() {
            super(PackedKeysSerializer::new, 3); // the second lay in other buckets
        }
    }
}
