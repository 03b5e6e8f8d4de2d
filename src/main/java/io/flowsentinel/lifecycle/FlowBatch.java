package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.Buckets;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Packs records as they come and sorts them by bucket when there are many: to go from the block of one bucket to that of
 * another with every record misses the processor's caches several times for each.
 */
final class FlowBatch {

    /** So many that what a block costs is little for each of its records, in a few MiB. */
    static final int MOST_RECORDS = 1 << 17;

    /** Bounds a batch of long annotations. */
    private static final int MOST_BYTES = 1 << 24;

    private static final int FEW = 1 << 10;

    private final PackedWriter bodies = new PackedWriter(FEW * 48);
    private final DataOutputSerializer rare = new DataOutputSerializer(256);
    private final FlowBlockBuilder block = new FlowBlockBuilder();

    // By record: its bucket, where its body ends, and its names. As long as each other.
    private short[] buckets = new short[FEW];
    private int[] ends = new int[FEW];
    private Observer[] observers = new Observer[FEW];
    private String[] objects = new String[FEW];
    private int records;

    /** By bucket, how many records it has. */
    private final int[] counts = new int[ConnectionKey.BUCKETS];

    /** The records by bucket, those of one in the order in which they came. */
    private int[] sorted = new int[FEW];

    void add(FlowRecord flow) throws IOException {
        if (records == buckets.length) {
            enlarge();
        }
        ConnectionKey key = flow.key();
        int bucket = key.bucket();
        RecordFormat.writeBody(flow, key, bodies, rare);
        buckets[records] = (short) bucket;
        ends[records] = bodies.length();
        observers[records] = flow.observer();
        objects[records] = flow.ref().object();
        records++;
        counts[bucket]++;
    }

    private void enlarge() {
        buckets = Arrays.copyOf(buckets, records * 2);
        ends = Arrays.copyOf(ends, records * 2);
        observers = Arrays.copyOf(observers, records * 2);
        objects = Arrays.copyOf(objects, records * 2);
        sorted = new int[records * 2];
    }

    boolean isFull() {
        return records == MOST_RECORDS || bodies.length() >= MOST_BYTES;
    }

    /** Gives all records away, in blocks. */
    void drain(Consumer<FlowBlock> out) {
        sort();
        int at = 0;
        for (int bucket = 0; bucket < ConnectionKey.BUCKETS; bucket++) {
            int end = at + counts[bucket];
            for (; at < end; at++) {
                add(sorted[at]);
                if (block.isFull()) {
                    out.accept(block.build(Buckets.keyOf(bucket)));
                }
            }
            if (!block.isEmpty()) {
                out.accept(block.build(Buckets.keyOf(bucket)));
            }
        }
        Arrays.fill(counts, 0);
        records = 0;
        bodies.clear();
    }

    private void add(int record) {
        int from = record == 0 ? 0 : ends[record - 1];
        block.add(observers[record], objects[record], bodies.bytes(), from, ends[record]);
    }

    private void sort() {
        int[] next = new int[ConnectionKey.BUCKETS];
        for (int bucket = 1; bucket < next.length; bucket++) {
            next[bucket] = next[bucket - 1] + counts[bucket - 1];
        }
        for (int record = 0; record < records; record++) {
            sorted[next[buckets[record]]++] = record;
        }
    }
}
