package io.flowsentinel.lifecycle;

import io.flowsentinel.model.FlowRecord;
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

    private transient FlowBatch gathered;
    private transient StreamRecord<FlowBlock> sent;

    @Override
    public void open() throws Exception {
        super.open();
        gathered = new FlowBatch();
        sent = new StreamRecord<>(null);
    }

    @Override
    public void processElement(StreamRecord<FlowRecord> element) throws Exception {
        gathered.add(element.getValue());
        if (gathered.isFull()) {
            sendAll();
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
        gathered.drain(block -> output.collect(sent.replace(block)));
    }
}
