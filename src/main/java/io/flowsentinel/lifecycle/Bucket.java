package io.flowsentinel.lifecycle;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The keyed state of one bucket and the work on it: records wait here until event time has passed their fold times, and
 * are then worked into what is remembered of their keys.
 *
 * <p>Records leave {@code waiting} in {@link #takeRipe}, keys leave {@code keys} in {@link #work} and {@link #finish}
 * when nothing is remembered of them; a state that holds nothing is cleared.
 */
final class Bucket {

    private static final ListStateDescriptor<FlowBlock> WAITING =
            new ListStateDescriptor<>("waiting", new WaitingBlockSerializer());

    private static final ValueStateDescriptor<PackedKeys> KEYS =
            new ValueStateDescriptor<>("keys", new PackedKeysSerializer());

    /** Beside the keys, so that a bucket in which nothing is to be done is not unpacked to find that out. */
    private static final ValueStateDescriptor<Long> DUE = new ValueStateDescriptor<>("due", Types.LONG);

    private static final ValueStateDescriptor<long[]> BEGUN =
            new ValueStateDescriptor<>("begun", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

    private final ConnectionTracker tracker;
    private final FoldTime foldTime;
    private final PackedPass pass = new PackedPass();
    private final RipeRecords ripe = new RipeRecords();
    private final ListState<FlowBlock> waiting;
    private final ValueState<PackedKeys> keys;
    private final ValueState<Long> due;
    private final ValueState<long[]> begun;

    Bucket(RuntimeContext runtime, ConnectionTracker tracker, FoldTime foldTime) {
        this.tracker = tracker;
        this.foldTime = foldTime;
        this.waiting = runtime.getListState(WAITING);
        this.keys = runtime.getState(KEYS);
        this.due = runtime.getState(DUE);
        this.begun = runtime.getState(BEGUN);
    }

    void add(FlowBlock block) throws Exception {
        waiting.add(block);
    }

    /**
     * Folds what may be folded and lets time pass.
     *
     * @param now epoch seconds of event time
     * @param all whether all keys are looked at: when they are due may have changed
     * @return whether anything is remembered still
     */
    boolean work(long now, boolean all, Outlet outlet) throws Exception {
        boolean waits = takeRipe(now);
        Beginnings beginnings = Beginnings.of(begun.value());
        long dueBy = all ? PackedKeys.LATEST_DUE : now;
        if (!ripe.isEmpty() || dueAt() <= dueBy) {
            remember(pass.run(
                    known(),
                    ripe,
                    dueBy,
                    (key, memory, flows) -> tracker.work(key, memory, flows, now, beginnings, outlet)));
        }
        beginnings.forget(now);
        if (beginnings.changed()) {
            remember(beginnings);
        }
        return waits || dueAt() != KeyMemory.NOT_DUE || begun.value() != null;
    }

    /**
     * Ends everything.
     *
     * @param readTo epoch seconds of the end of the last slot read
     */
    void finish(long readTo, Outlet outlet) throws Exception {
        Beginnings beginnings = Beginnings.of(begun.value());
        takeRipe(Long.MAX_VALUE);
        remember(pass.run(known(), ripe, Long.MAX_VALUE, (key, memory, flows) -> {
            tracker.finish(key, memory, flows, readTo, beginnings, outlet);
            return KeyMemory.NOT_DUE;
        }));
        begun.clear();
    }

    /** Whether any record waits on. */
    private boolean takeRipe(long now) throws Exception {
        ripe.clear();
        List<FlowBlock> left = new ArrayList<>();
        boolean changed = false;
        for (FlowBlock block : waiting.get()) {
            FlowBlock rest = ripe.take(block, foldTime, now);
            changed |= rest != block;
            if (rest != null) {
                left.add(rest);
            }
        }
        if (left.isEmpty()) {
            waiting.clear();
        } else if (changed) {
            waiting.update(left);
        }
        return !left.isEmpty();
    }

    private PackedKeys known() throws Exception {
        PackedKeys known = keys.value();
        return known == null ? PackedKeys.NONE : known;
    }

    private void remember(PackedPass.Outcome outcome) throws Exception {
        if (outcome.keys().isEmpty()) {
            keys.clear();
            due.clear();
        } else {
            keys.update(outcome.keys());
            due.update(outcome.due());
        }
    }

    private void remember(Beginnings beginnings) throws Exception {
        long[] stored = beginnings.stored();
        if (stored == null) {
            begun.clear();
        } else {
            begun.update(stored);
        }
    }

    private long dueAt() throws Exception {
        Long at = due.value();
        return at == null ? KeyMemory.NOT_DUE : at;
    }
}
