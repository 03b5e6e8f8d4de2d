package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.serde.Nouns;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** The operator alone, driven by records and watermarks, and restarted at will. */
final class Harness implements AutoCloseable {

    private final List<Connection> connections = new ArrayList<>();
    private final Timeouts timeouts;
    private final LiveFeed feed;
    private KeyedBroadcastOperatorTestHarness<Integer, FlowRecord, CoverageRecord, Connection> harness;
    private Accounts accounts = Accounts.NONE;
    private long watermark = Long.MIN_VALUE;

    Harness(Timeouts timeouts, LiveFeed feed) throws Exception {
        this.timeouts = timeouts;
        this.feed = feed;
        harness = create();
        harness.open();
    }

    Harness() throws Exception {
        this(Batch.MINUTE, LiveFeed.CLOSE_ONLY);
    }

    private KeyedBroadcastOperatorTestHarness<Integer, FlowRecord, CoverageRecord, Connection> create()
            throws Exception {
        var created = new KeyedBroadcastOperatorTestHarness<>(
                new CoBroadcastWithKeyedOperator<>(
                        new TrackConnections(timeouts, feed), List.of(TrackConnections.LOST_RECORDS)),
                FlowRecord::bucket,
                Types.INT,
                128,
                1,
                0);
        created.setup(
                Nouns.CONNECTION.createSerializer(created.getExecutionConfig().getSerializerConfig()));
        return created;
    }

    void add(FlowRecord flow) throws Exception {
        harness.processElement(new StreamRecord<>(flow));
    }

    void lose(String interfaceId, long fromSecond, long toSecond) throws Exception {
        cover(interfaceId, CoverageRecord.Status.SKIPDATA, fromSecond, toSecond);
    }

    void seeNothing(String interfaceId, long fromSecond, long toSecond) throws Exception {
        cover(interfaceId, CoverageRecord.Status.NODATA, fromSecond, toSecond);
    }

    private void cover(String interfaceId, CoverageRecord.Status status, long fromSecond, long toSecond)
            throws Exception {
        harness.processBroadcastElement(new StreamRecord<>(new CoverageRecord(
                Flow.observer(interfaceId),
                status,
                Flow.NOON + fromSecond,
                Flow.NOON + toSecond,
                new RecordRef("file:/flows.log", 1))));
    }

    /** Moves event time to so many seconds after noon. */
    void advanceTo(long second) throws Exception {
        emit((Flow.NOON + second) * 1000);
    }

    void end() throws Exception {
        emit(Long.MAX_VALUE);
    }

    private void emit(long millis) throws Exception {
        watermark = millis;
        harness.processWatermark(new Watermark(millis));
        harness.processBroadcastWatermark(new Watermark(millis));
    }

    /** Checkpoints and goes on in a new operator. The source repeats its watermark first, as after any restore. */
    void restart() throws Exception {
        OperatorSubtaskState state = harness.snapshot(1, 1);
        collect();
        harness.close();
        harness = create();
        harness.initializeState(state);
        harness.open();
        if (watermark != Long.MIN_VALUE) {
            emit(watermark);
        }
    }

    private void collect() {
        connections.addAll(harness.extractOutputValues());
        harness.getOutput().clear();
        var amounts = harness.getSideOutput(TrackConnections.ACCOUNTS);
        if (amounts != null) {
            amounts.forEach(amount -> accounts = accounts.plus(amount.getValue()));
            amounts.clear();
        }
    }

    List<Connection> connections() {
        collect();
        return connections;
    }

    Accounts accounts() {
        collect();
        return accounts;
    }

    int timers() {
        return harness.numEventTimeTimers();
    }

    int stateEntries() {
        var backend = harness.getOperator().getKeyedStateBackend();
        return ((HeapKeyedStateBackend<?>) backend).numKeyValueStateEntries();
    }

    @Override
    public void close() {
        try {
            harness.close();
        } catch (Exception e) {
            throw new AssertionError("the operator does not close", e);
        }
    }
}
