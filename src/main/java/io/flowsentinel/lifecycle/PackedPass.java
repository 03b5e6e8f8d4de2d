package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Goes once through the keys of a bucket: those that are due or have news are unpacked, worked on and packed again, all
 * others are handed on as the bytes they are. For one thread; the same buffers serve every bucket.
 */
final class PackedPass {

    /** What is done with a key. */
    @FunctionalInterface
    interface Work {

        /**
         * Works on one key.
         *
         * @param memory to be changed in place; left empty where the key may be forgotten
         * @return epoch seconds of event time at which the key is to be looked at again; without meaning where empty
         */
        long on(ConnectionKey key, KeyMemory memory) throws Exception;
    }

    /**
     * What came of a pass.
     *
     * @param keys what is remembered now
     * @param due epoch seconds of event time of the next look; {@link KeyMemory#NOT_DUE} where nothing is remembered
     */
    record Outcome(PackedKeys keys, long due) {}

    private final DataOutputSerializer packed = new DataOutputSerializer(4096);
    private final DataOutputSerializer entry = new DataOutputSerializer(256);
    private final Shared<Observer> observers = new Shared<>();
    private final Shared<String> texts = new Shared<>();
    private byte[] before;
    private Names names;
    private MemoryFormat format;

    /** What is handed on as it is, not copied yet: neighbours are copied at once. */
    private int keptFrom;

    private int keptTo;
    private long due;

    /**
     * Goes through the keys of one bucket and those that have news.
     *
     * @param arrived by key; the lists become the pass's own
     * @param now epoch seconds; keys due by then are worked on, and all that have news
     */
    Outcome run(PackedKeys known, Map<ConnectionKey, List<FlowRecord>> arrived, long now, Work work) throws Exception {
        packed.clear();
        before = known.entries();
        keptFrom = 0;
        keptTo = 0;
        names = known.names().changeable(observers, texts);
        format = new MemoryFormat(names);
        due = KeyMemory.NOT_DUE;
        PackedReader reader = new PackedReader(before);
        boolean more = reader.next();
        for (News news : sorted(arrived)) {
            int by = more ? reader.compareKey(news.keyBytes) : 1;
            while (by < 0) {
                old(reader, now, work);
                more = reader.next();
                by = more ? reader.compareKey(news.keyBytes) : 1;
            }
            KeyMemory memory = new KeyMemory();
            if (by == 0) {
                memory = reader.takeMemory(news.key, format);
                KeyFormat.release(news.keyBytes, names);
                more = reader.next();
            }
            memory.await(news.flows);
            workOn(news.keyBytes, news.key, memory, work);
        }
        while (more) {
            old(reader, now, work);
            more = reader.next();
        }
        copyKept();
        before = null;
        return new Outcome(new PackedKeys(packed.getCopyOfBuffer(), names.stored()), due);
    }

    /** The records of one key that have arrived since the last pass. */
    private static final class News {

        final byte[] keyBytes;
        final ConnectionKey key;
        final List<FlowRecord> flows;

        News(byte[] keyBytes, ConnectionKey key, List<FlowRecord> flows) {
            this.keyBytes = keyBytes;
            this.key = key;
            this.flows = flows;
        }
    }

    private List<News> sorted(Map<ConnectionKey, List<FlowRecord>> arrived) throws IOException {
        List<News> all = new ArrayList<>(arrived.size());
        for (Map.Entry<ConnectionKey, List<FlowRecord>> one : arrived.entrySet()) {
            all.add(new News(KeyFormat.refer(one.getKey(), names, entry), one.getKey(), one.getValue()));
        }
        all.sort((one, other) -> Arrays.compareUnsigned(one.keyBytes, other.keyBytes));
        return all;
    }

    /** A key without news. */
    private void old(PackedReader reader, long now, Work work) throws Exception {
        if (reader.due() <= now) {
            ConnectionKey key = reader.key(names);
            workOn(reader.keyBytes(), key, reader.takeMemory(key, format), work);
        } else {
            keep(reader);
            due = Math.min(due, reader.due());
        }
    }

    private void workOn(byte[] keyBytes, ConnectionKey key, KeyMemory memory, Work work) throws Exception {
        long next = Math.max(0, Math.min(work.on(key, memory), PackedKeys.LATEST_DUE));
        if (memory.isEmpty()) {
            KeyFormat.release(keyBytes, names);
            return;
        }
        entry.clear();
        entry.writeInt((int) next);
        entry.write(keyBytes);
        format.write(key, memory, next, entry);
        copyKept();
        Wire.writeVarLong(entry.length(), packed);
        packed.write(entry.getSharedBuffer(), 0, entry.length());
        due = Math.min(due, next);
    }

    private void keep(PackedReader reader) throws IOException {
        if (reader.start() != keptTo) {
            copyKept();
            keptFrom = reader.start();
        }
        keptTo = reader.end();
    }

    private void copyKept() throws IOException {
        packed.write(before, keptFrom, keptTo - keptFrom);
        keptFrom = keptTo;
    }
}
