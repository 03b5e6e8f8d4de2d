package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.LifecycleEvent;
import io.flowsentinel.model.Notice;
import io.flowsentinel.model.OpenAge;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.Buckets;
import io.flowsentinel.serde.Nouns;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** The operator alone, at any parallelism, driven by records and watermarks, and restarted at will. */
final class Harness implements AutoCloseable {

    private static final int MAX_PARALLELISM = 128;

    private final List<Connection> connections = new ArrayList<>();
    private final Timeouts timeouts;
    private LiveFeed feed;
    private String version = "1";
    private List<Subtask> subtasks;
    private Accounts accounts = Accounts.NONE;
    private long watermark = Long.MIN_VALUE;

    /** One parallel instance, with its share of the keys. */
    private static final class Subtask
            extends KeyedBroadcastOperatorTestHarness<Integer, FlowBlock, Notice, LifecycleEvent> {

        Subtask(Timeouts timeouts, LiveFeed feed, RulesChange given, int parallelism, int index) throws Exception {
            super(
                    new CoBroadcastWithKeyedOperator<>(
                            new TrackConnections(timeouts, feed, given), List.of(TrackConnections.LOST_RECORDS)),
                    FlowBlock::key,
                    Types.INT,
                    MAX_PARALLELISM,
                    parallelism,
                    index);
            setup(Nouns.LIFECYCLE_EVENT.createSerializer(getExecutionConfig().getSerializerConfig()));
        }
    }

    Harness(Timeouts timeouts, LiveFeed feed) throws Exception {
        this(timeouts, feed, 1);
    }

    Harness(Timeouts timeouts, LiveFeed feed, int parallelism) throws Exception {
        this.timeouts = timeouts;
        this.feed = feed;
        subtasks = create(parallelism);
        for (Subtask one : subtasks) {
            one.open();
        }
    }

    Harness() throws Exception {
        this(Batch.MINUTE, LiveFeed.CLOSE_ONLY);
    }

    private List<Subtask> create(int parallelism) throws Exception {
        List<Subtask> created = new ArrayList<>();
        for (int index = 0; index < parallelism; index++) {
            created.add(
                    new Subtask(timeouts, feed, RulesChange.given(version, feed.ages(), version), parallelism, index));
        }
        return created;
    }

    void add(FlowRecord flow) throws Exception {
        add(Blocks.of(Buckets.keyOf(flow.bucket()), List.of(flow)));
    }

    private void add(FlowBlock block) throws Exception {
        int index = KeyGroupRangeAssignment.assignKeyToParallelOperator(block.key(), MAX_PARALLELISM, subtasks.size());
        subtasks.get(index).processElement(new StreamRecord<>(block));
    }

    void lose(String interfaceId, long fromSecond, long toSecond) throws Exception {
        cover(new CoverageRecord(
                Flow.observer(interfaceId),
                CoverageRecord.Status.SKIPDATA,
                Flow.NOON + fromSecond,
                Flow.NOON + toSecond,
                new RecordRef("file:/flows.log", 1)));
    }

    /** Takes a SKIPDATA record. */
    void cover(CoverageRecord coverage) throws Exception {
        for (Subtask one : subtasks) {
            one.processBroadcastElement(new StreamRecord<>(coverage));
        }
    }

    /** Tells connections of other ages than before, after so many seconds after noon. */
    void watchAges(long second, Long... ages) throws Exception {
        RulesChange change =
                new RulesChange((Flow.NOON + second) * 1000, "ages " + List.of(ages), ofAll(ages), new byte[] {1});
        for (Subtask one : subtasks) {
            one.processBroadcastElement(new StreamRecord<>(change));
        }
    }

    private static List<OpenAge> ofAll(Long... ages) {
        return Stream.of(ages).map(OpenAge::ofAll).toList();
    }

    /** Restarts with other rules than before. */
    void restartWatching(Long... ages) throws Exception {
        version = "ages " + List.of(ages);
        feed = new LiveFeed(feed.open(), feed.updateInterval(), ofAll(ages));
        restart();
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
        for (Subtask one : subtasks) {
            one.processWatermark(new Watermark(millis));
            one.processBroadcastWatermark(new Watermark(millis));
        }
    }

    void restart() throws Exception {
        restart(subtasks.size());
    }

    /**
     * Checkpoints and goes on in new operators, as many as asked for. The source repeats its watermark first, as after
     * any restore.
     */
    void restart(int parallelism) throws Exception {
        OperatorSubtaskState state = snapshot();
        int before = subtasks.size();
        collect();
        close();
        subtasks = create(parallelism);
        for (int index = 0; index < parallelism; index++) {
            Subtask one = subtasks.get(index);
            one.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                    state, MAX_PARALLELISM, before, parallelism, index));
            one.open();
        }
        if (watermark != Long.MIN_VALUE) {
            emit(watermark);
        }
    }

    private OperatorSubtaskState snapshot() throws Exception {
        OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
        for (int index = 0; index < states.length; index++) {
            states[index] = subtasks.get(index).snapshot(1, 1);
        }
        return AbstractStreamOperatorTestHarness.repackageState(states);
    }

    private void collect() {
        for (Subtask one : subtasks) {
            for (LifecycleEvent event : one.extractOutputValues()) {
                if (event instanceof Connection connection) {
                    connections.add(connection);
                }
            }
            one.getOutput().clear();
            var amounts = one.getSideOutput(TrackConnections.ACCOUNTS);
            if (amounts != null) {
                amounts.forEach(amount -> accounts = accounts.plus(amount.getValue()));
                amounts.clear();
            }
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
        return subtasks.stream()
                .mapToInt(KeyedBroadcastOperatorTestHarness::numEventTimeTimers)
                .sum();
    }

    int stateEntries() {
        return subtasks.stream()
                .map(one -> (HeapKeyedStateBackend<?>) one.getOperator().getKeyedStateBackend())
                .mapToInt(HeapKeyedStateBackend::numKeyValueStateEntries)
                .sum();
    }

    @Override
    public void close() {
        for (Subtask one : subtasks) {
            try {
                one.close();
            } catch (Exception e) {
                throw new AssertionError("the operator does not close", e);
            }
        }
    }
}
