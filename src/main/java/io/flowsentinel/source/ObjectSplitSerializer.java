package io.flowsentinel.source;

import io.flowsentinel.source.discovery.LogObject;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/** The form of a split in a checkpoint and on its way to a reader. */
final class ObjectSplitSerializer implements SimpleVersionedSerializer<ObjectSplit> {

    static final ObjectSplitSerializer INSTANCE = new ObjectSplitSerializer();

    private static final int VERSION = 2;

    private ObjectSplitSerializer() {}

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(ObjectSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(512);
        write(split, out);
        return out.getCopyOfBuffer();
    }

    @Override
    public ObjectSplit deserialize(int version, byte[] serialized) throws IOException {
        if (version != VERSION) {
            throw new IOException("a split of version " + version + "; this version reads " + VERSION);
        }
        return read(new DataInputDeserializer(serialized));
    }

    static void write(ObjectSplit split, DataOutputView out) throws IOException {
        LogObject object = split.object();
        out.writeUTF(object.uri());
        out.writeLong(object.size());
        out.writeUTF(object.tag());
        out.writeLong(object.slotSeconds());
        out.writeUTF(object.account());
        out.writeUTF(object.region());
        out.writeUTF(object.flowLogId());
        out.writeLong(split.lines());
        out.writeLong(split.storedBytes());
        out.writeBoolean(split.over());
        out.writeLong(split.latestSeconds());
        out.writeBoolean(split.late());
    }

    static ObjectSplit read(DataInputView in) throws IOException {
        LogObject object = new LogObject(
                in.readUTF(), in.readLong(), in.readUTF(), in.readLong(), in.readUTF(), in.readUTF(), in.readUTF());
        return new ObjectSplit(object, in.readLong(), in.readLong(), in.readBoolean(), in.readLong(), in.readBoolean());
    }
}
