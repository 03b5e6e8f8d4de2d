package io.flowsentinel.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** The form of the enumerator's progress in a checkpoint. */
final class DiscoveryProgressSerializer implements SimpleVersionedSerializer<DiscoveryProgress> {

    private static final int VERSION = 3;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(DiscoveryProgress progress) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(4096);
        out.writeUTF(progress.range());
        out.writeLong(progress.closedSlot());
        out.writeLong(progress.latestSlot());
        out.writeBoolean(progress.ended());
        out.writeLong(progress.handedOut());
        out.writeLong(progress.takenFrom());
        out.writeInt(progress.taken().size());
        for (Map.Entry<Long, Set<Fingerprint>> slot : progress.taken().entrySet()) {
            out.writeLong(slot.getKey());
            writeFingerprints(slot.getValue(), out);
        }
        out.writeLong(progress.strayCount());
        writeFingerprints(progress.strays(), out);
        out.writeLong(progress.listCalls());
        out.writeLong(progress.listFailures());
        out.writeInt(progress.begun().size());
        for (ObjectSplit split : progress.begun()) {
            ObjectSplitSerializer.write(split, out);
        }
        out.writeInt(progress.roots().size());
        for (Map.Entry<String, Long> root : progress.roots().entrySet()) {
            out.writeUTF(root.getKey());
            out.writeLong(root.getValue());
        }
        return out.getCopyOfBuffer();
    }

    @Override
    public DiscoveryProgress deserialize(int version, byte[] serialized) throws IOException {
        if (version != VERSION) {
            throw new IOException("source progress of version " + version + "; this version reads " + VERSION);
        }
        DataInputDeserializer in = new DataInputDeserializer(serialized);
        return new DiscoveryProgress(
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                readTaken(in),
                in.readLong(),
                readFingerprints(in),
                in.readLong(),
                in.readLong(),
                readSplits(in),
                readRoots(in));
    }

    private static Map<Long, Set<Fingerprint>> readTaken(DataInputDeserializer in) throws IOException {
        Map<Long, Set<Fingerprint>> taken = new TreeMap<>();
        int slots = in.readInt();
        for (int i = 0; i < slots; i++) {
            taken.put(in.readLong(), readFingerprints(in));
        }
        return taken;
    }

    private static List<ObjectSplit> readSplits(DataInputDeserializer in) throws IOException {
        int count = in.readInt();
        List<ObjectSplit> splits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            splits.add(ObjectSplitSerializer.read(in));
        }
        return splits;
    }

    private static Map<String, Long> readRoots(DataInputDeserializer in) throws IOException {
        int count = in.readInt();
        Map<String, Long> roots = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            roots.put(in.readUTF(), in.readLong());
        }
        return roots;
    }

    private static void writeFingerprints(Collection<Fingerprint> fingerprints, DataOutputSerializer out)
            throws IOException {
        out.writeInt(fingerprints.size());
        for (Fingerprint fingerprint : fingerprints) {
            out.writeLong(fingerprint.high());
            out.writeLong(fingerprint.low());
        }
    }

    private static Set<Fingerprint> readFingerprints(DataInputDeserializer in) throws IOException {
        int count = in.readInt();
        Set<Fingerprint> fingerprints = new HashSet<>();
        for (int i = 0; i < count; i++) {
            fingerprints.add(new Fingerprint(in.readLong(), in.readLong()));
        }
        return fingerprints;
    }
}
