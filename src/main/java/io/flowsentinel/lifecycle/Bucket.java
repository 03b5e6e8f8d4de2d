package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.serde.Nouns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The keyed state of one bucket and the work on it: records arrive here, and are packed with what is remembered of their
 * keys when event time moves on.
 *
 * <p>Records leave {@code arrived} in {@link #takeArrived}, keys leave {@code keys} in {@link #work} and {@link #finish}
 * when nothing is remembered of them; a state that holds nothing is cleared.
 */
final class Bucket {

    private static final ListStateDescriptor<FlowRecord> ARRIVED =
            new ListStateDescriptor<>("arrived", Nouns.FLOW_RECORD);

    private static final ValueStateDescriptor<PackedKeys> KEYS =
            new ValueStateDescriptor<>("keys", new PackedKeysSerializer());

    /** Beside the keys, so that a bucket in which nothing is to be done is not unpacked to find that out. */
    private static final ValueStateDescriptor<Long> DUE = new ValueStateDescriptor<>("due", Types.LONG);

    private static final ValueStateDescriptor<long[]> BEGUN =
            new ValueStateDescriptor<>("begun", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

    private final ConnectionTracker tracker;
    private final PackedPass pass = new PackedPass();
    private final ListState<FlowRecord> arrived;
    private final ValueState<PackedKeys> keys;
    private final ValueState<Long> due;
    private final ValueState<long[]> begun;

    Bucket(RuntimeContext runtime, ConnectionTracker tracker) {
        this.tracker = tracker;
        this.arrived = runtime.getListState(ARRIVED);
        this.keys = runtime.getState(KEYS);
        this.due = runtime.getState(DUE);
        this.begun = runtime.getState(BEGUN);
    }

    void add(FlowRecord flow) throws Exception {
        arrived.add(flow);
    }

    /**
     * Folds what may be folded and lets time pass.
     *
     * @param now epoch seconds of event time
     * @param all whether all keys are looked at: when they are due may have changed
     * @return whether anything is remembered still
     */
    boolean work(long now, boolean all, Outlet outlet) throws Exception {
        Map<ConnectionKey, List<FlowRecord>> news = takeArrived();
        Beginnings beginnings = Beginnings.of(begun.value());
        long dueBy = all ? PackedKeys.LATEST_DUE : now;
        if (!news.isEmpty() || dueAt() <= dueBy) {
            remember(pass.run(
                    known(), news, dueBy, (key, memory) -> tracker.work(key, memory, now, beginnings, outlet)));
        }
        beginnings.forget(now);
        if (beginnings.changed()) {
            remember(beginnings);
        }
        return dueAt() != KeyMemory.NOT_DUE || begun.value() != null;
    }

    /**
     * Ends everything.
     *
     * @param readTo epoch seconds of the end of the last slot read
     */
    void finish(long readTo, Outlet outlet) throws Exception {
        Beginnings beginnings = Beginnings.of(begun.value());
        remember(pass.run(known(), takeArrived(), Long.MAX_VALUE, (key, memory) -> {
            tracker.finish(key, memory, readTo, beginnings, outlet);
            return KeyMemory.NOT_DUE;
        }));
        begun.clear();
    }

    private Map<ConnectionKey, List<FlowRecord>> takeArrived() throws Exception {
        Map<ConnectionKey, List<FlowRecord>> byKey = new HashMap<>();
        for (FlowRecord flow : arrived.get()) {
            byKey.computeIfAbsent(flow.key(), key -> new ArrayList<>()).add(flow);
        }
        if (!byKey.isEmpty()) {
            arrived.clear();
        }
        return byKey;
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
