package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.serde.Buckets;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Packs the records of each bucket into blocks, so that many cross to the tracker as one. Nothing is done with a record
 * before the next watermark, so nothing waits for this: all blocks go on ahead of it, and ahead of a checkpoint's barrier.
 * So there is no state.
 */
public final class GatherFlows extends AbstractStreamOperator<FlowBlock>
        implements OneInputStreamOperator<FlowRecord, FlowBlock> {

    private static final long serialVersionUID = 1L;

    /** By bucket; null until it has had a record. */
    private transient FlowBlockBuilder[] gathered;

    private transient DataOutputSerializer buffer;
    private transient StreamRecord<FlowBlock> sent;

    @Override
    public void open() throws Exception {
        super.open();
        gathered = new FlowBlockBuilder[ConnectionKey.BUCKETS];
        buffer = new DataOutputSerializer(256);
        sent = new StreamRecord<>(null);
    }

    @Override
    public void processElement(StreamRecord<FlowRecord> element) throws Exception {
        FlowRecord flow = element.getValue();
        int bucket = flow.bucket();
        FlowBlockBuilder block = gathered[bucket];
        if (block == null) {
            block = new FlowBlockBuilder();
            gathered[bucket] = block;
        }
        block.add(flow, buffer);
        if (block.isFull()) {
            send(bucket);
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        sendAll();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        sendAll();
    }

    @Override
    public void finish() throws Exception {
        sendAll();
        super.finish();
    }

    private void sendAll() {
        for (int bucket = 0; bucket < gathered.length; bucket++) {
            if (gathered[bucket] != null && !gathered[bucket].isEmpty()) {
                send(bucket);
            }
        }
    }

    private void send(int bucket) {
        output.collect(sent.replace(gathered[bucket].build(Buckets.keyOf(bucket))));
    }
}
