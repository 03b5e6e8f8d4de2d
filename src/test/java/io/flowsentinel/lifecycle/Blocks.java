package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Packs records of one bucket and unpacks them. */
final class Blocks {

    private Blocks() {}

    static FlowBlock of(int key, List<FlowRecord> flows) throws IOException {
        FlowBlockBuilder builder = new FlowBlockBuilder();
        for (FlowRecord flow : flows) {
            add(flow, builder);
        }
        return builder.build(key);
    }

    static void add(FlowRecord flow, FlowBlockBuilder block) throws IOException {
        PackedWriter body = new PackedWriter(64);
        RecordFormat.writeBody(flow, flow.key(), body, new DataOutputSerializer(64));
        block.add(flow.observer(), flow.ref().object(), body.bytes(), 0, body.length());
    }

    /** All records, key by key. */
    static List<FlowRecord> records(FlowBlock block) {
        try {
            RipeRecords ripe = new RipeRecords();
            ripe.take(block, new FoldTime(0), Long.MAX_VALUE);
            return records(ripe);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All records, key by key. */
    static List<FlowRecord> records(RipeRecords ripe) throws IOException {
        List<FlowRecord> all = new ArrayList<>();
        for (int number = 0; number < ripe.keys(); number++) {
            ConnectionKey key = ripe.key(number);
            all.addAll(ripe.of(number, key));
        }
        return all;
    }
}
