package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Goes once through the keys of a bucket: those that are due or have records are unpacked, worked on and packed again, all
 * others are handed on as the bytes they are. For one thread; the same buffers serve every bucket.
 */
final class PackedPass {

    /** What is done with a key. */
    @FunctionalInterface
    interface Work {

        /**
         * Works on one key.
         *
         * @param memory to be changed in place, until the work is done; left empty where the key may be forgotten
         * @param flows records to be folded, in no order; a list that may be changed, until the work is done
         * @return epoch seconds of event time at which the key is to be looked at again; without meaning where empty
         */
        long on(ConnectionKey key, KeyMemory memory, List<FlowRecord> flows) throws Exception;
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
    private final PackedWriter keyBytes = new PackedWriter(KeyFormat.MOST_BYTES);
    private final Shared<Observer> observers = new Shared<>();
    private final Shared<String> texts = new Shared<>();
    private final KeyMemory memory = new KeyMemory();
    private byte[] before;
    private Names names;
    private MemoryFormat format;

    /** What is handed on as it is, not copied yet: neighbours are copied at once. */
    private int keptFrom;

    private int keptTo;
    private long due;

    /**
     * Goes through the keys of one bucket and those that have records to be folded.
     *
     * @param now epoch seconds; keys due by then are worked on, and all that have records
     */
    Outcome run(PackedKeys known, RipeRecords ripe, long now, Work work) throws Exception {
        packed.clear();
        before = known.entries();
        keptFrom = 0;
        keptTo = 0;
        names = known.names().changeable(observers, texts);
        format = new MemoryFormat(names);
        due = KeyMemory.NOT_DUE;
        PackedReader reader = new PackedReader(before, names);
        while (reader.next()) {
            int news = ripe.isEmpty() ? RipeRecords.NONE : reader.findIn(ripe);
            if (news != RipeRecords.NONE || reader.due() <= now) {
                old(reader, news, ripe, work);
            } else {
                keep(reader);
                due = Math.min(due, reader.due());
            }
        }
        copyKept();
        for (int news = 0; news < ripe.keys(); news++) {
            if (!ripe.wasFound(news)) {
                ConnectionKey key = ripe.key(news);
                memory.clear();
                workOn(key, ripe.of(news, key), work);
            }
        }
        before = null;
        return new Outcome(new PackedKeys(packed.getCopyOfBuffer(), names.stored()), due);
    }

    /** A key of which something is remembered. */
    private void old(PackedReader reader, int news, RipeRecords ripe, Work work) throws Exception {
        ConnectionKey key = reader.key();
        memory.clear();
        reader.takeMemory(memory, format);
        copyKept();
        workOn(key, news == RipeRecords.NONE ? List.of() : ripe.of(news, key), work);
    }

    private void workOn(ConnectionKey key, List<FlowRecord> flows, Work work) throws Exception {
        long next = Math.max(0, Math.min(work.on(key, memory, flows), PackedKeys.LATEST_DUE));
        if (memory.isEmpty()) {
            return;
        }
        entry.clear();
        entry.writeInt((int) next);
        keyBytes.clear();
        keyBytes.room(KeyFormat.MOST_BYTES);
        KeyFormat.write(key.protocol(), key.lower(), key.higher(), keyBytes);
        entry.write(keyBytes.bytes(), 0, keyBytes.length());
        names.refer(key.scope(), entry);
        format.write(memory, next, entry);
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
