package io.flowsentinel.lifecycle;

import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A key's memory in state. A copy is deep, since open connections grow in place while a checkpoint is written. */
final class KeyMemorySerializer extends TypeSerializer<KeyMemory> {

    private static final long serialVersionUID = 1L;

    private static final int CURRENT = 1;
    private static final int LAST = 1 << 1;

    private transient TrackedFormat format;

    @Override
    public void serialize(KeyMemory memory, DataOutputView out) throws IOException {
        TrackedFormat parts = format();
        out.writeByte((memory.current != null ? CURRENT : 0) | (memory.last != null ? LAST : 0));
        if (memory.current != null) {
            parts.writeTracked(memory.current, out);
        }
        Wire.writeList(memory.ended, parts::writeEnded, out);
        if (memory.last != null) {
            memory.last.write(out);
        }
        out.writeLong(memory.dueAt);
    }

    @Override
    public KeyMemory deserialize(DataInputView in) throws IOException {
        TrackedFormat parts = format();
        int present = in.readByte();
        KeyMemory memory = new KeyMemory();
        memory.current = (present & CURRENT) != 0 ? parts.readTracked(in) : null;
        memory.ended = Wire.readList(parts::readEnded, in);
        memory.last = (present & LAST) != 0 ? Tombstone.read(in) : null;
        memory.dueAt = in.readLong();
        return memory;
    }

    private TrackedFormat format() {
        if (format == null) {
            format = new TrackedFormat();
        }
        return format;
    }

    @Override
    public KeyMemory copy(KeyMemory from) {
        return from.copy();
    }

    @Override
    public KeyMemory copy(KeyMemory from, KeyMemory reuse) {
        return from.copy();
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public KeyMemory deserialize(KeyMemory reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    /** The format caches belong to one thread. */
    @Override
    public TypeSerializer<KeyMemory> duplicate() {
        return new KeyMemorySerializer();
    }

    @Override
    public KeyMemory createInstance() {
        return new KeyMemory();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyMemorySerializer;
    }

    @Override
    public int hashCode() {
        return KeyMemorySerializer.class.getName().hashCode();
    }

    @Override
    public TypeSerializerSnapshot<KeyMemory> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Version 1 of the format. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<KeyMemory> {
        public Snapshot() {
            super(KeyMemorySerializer::new);
        }
    }
}
