package io.flowsentinel.source;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Keeps what it gets in its state, so that it holds what an exactly-once job would have written, and hands it to the
 * test at the end of input. Can fail once after a checkpoint.
 */
final class Kept extends AbstractStreamOperator<String>
        implements OneInputStreamOperator<Tuple3<String, Long, String>, String>, BoundedOneInput {

    private static final long serialVersionUID = 1L;

    /**
     * What each subtask held at its end of input. While one subtask fails others may come to their end before they are
     * cancelled: what they held is void, as it would be to a sink that commits with a checkpoint.
     */
    private static final ConcurrentMap<Integer, List<String>> ENDED = new ConcurrentHashMap<>();

    /** Elements that came behind event time, in any attempt. */
    static final ConcurrentLinkedQueue<String> BEHIND = new ConcurrentLinkedQueue<>();

    private static final AtomicLong EVENT_TIME = new AtomicLong();

    private static final AtomicBoolean FAILS = new AtomicBoolean();
    private static CountDownLatch checkpoints = new CountDownLatch(0);

    private final long maxDelaySeconds;
    private transient ListState<String> state;
    private transient List<String> kept;
    private transient long watermark;

    Kept(long maxDelaySeconds) {
        this.maxDelaySeconds = maxDelaySeconds;
    }

    /** @param fails whether the next attempt fails at the first line after the checkpoints that were waited for */
    static void reset(int checkpointsToWaitFor, boolean fails) {
        ENDED.clear();
        BEHIND.clear();
        checkpoints = new CountDownLatch(checkpointsToWaitFor);
        EVENT_TIME.set(Long.MIN_VALUE);
        FAILS.set(fails);
    }

    /** What was kept by all subtasks at the end. */
    static List<String> all() {
        return ENDED.values().stream().flatMap(List::stream).toList();
    }

    /** Whether the failure that was asked for is still to come. */
    static boolean stillToFail() {
        return FAILS.get();
    }

    /** The furthest event time of any subtask since the reset, in milliseconds since the epoch. */
    static long eventTimeMillis() {
        return EVENT_TIME.get();
    }

    static boolean awaitCheckpoints() {
        try {
            return checkpoints.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        state = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("kept", Types.STRING));
        kept = new ArrayList<>();
        state.get().forEach(kept::add);
        watermark = Long.MIN_VALUE;
        ENDED.remove(subtask());
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        state.update(kept);
    }

    @Override
    public void processElement(StreamRecord<Tuple3<String, Long, String>> record) {
        Tuple3<String, Long, String> element = record.getValue();
        if (element.f0.equals("found")) {
            return;
        }
        if (checkpoints.getCount() == 0 && FAILS.compareAndSet(true, false)) {
            throw new IllegalStateException("fails as the test asks for");
        }
        if (watermark >= (element.f1 - maxDelaySeconds) * 1000) {
            BEHIND.add(element + " at " + watermark);
        }
        kept.add(element.f2);
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        watermark = mark.getTimestamp();
        EVENT_TIME.accumulateAndGet(watermark, Math::max);
        super.processWatermark(mark);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        checkpoints.countDown();
    }

    @Override
    public void endInput() {
        ENDED.put(subtask(), List.copyOf(kept));
    }

    private int subtask() {
        return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }
}
