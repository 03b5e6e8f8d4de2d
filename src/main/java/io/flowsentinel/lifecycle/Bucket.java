package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.serde.Nouns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The keyed state of one bucket of connections and the work on it: records wait here until they may be folded, keys
 * until nothing of theirs is open or about to be published, and then among the silent ones if they fell silent.
 *
 * <p>Every key leaves in {@link #advance} or {@link #finish}, every record in {@link #fold}.
 */
final class Bucket {

    private static final ListStateDescriptor<FlowRecord> PENDING =
            new ListStateDescriptor<>("pending", Nouns.FLOW_RECORD);

    private static final MapStateDescriptor<ConnectionKey, KeyMemory> OPEN =
            new MapStateDescriptor<>("open", new ConnectionKeySerializer(), new KeyMemorySerializer());

    private static final ValueStateDescriptor<Long> DUE = new ValueStateDescriptor<>("due", Types.LONG);

    private static final ValueStateDescriptor<long[]> BEGUN =
            new ValueStateDescriptor<>("begun", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);

    private final ConnectionTracker tracker;
    private final FoldTime foldTime;
    private final FoldOrder order;
    private final ListState<FlowRecord> pending;
    private final MapState<ConnectionKey, KeyMemory> open;
    private final ValueState<Long> due;
    private final ValueState<long[]> begun;
    private final SilentKeys silent;

    Bucket(RuntimeContext runtime, ConnectionTracker tracker, FoldTime foldTime) {
        this.tracker = tracker;
        this.foldTime = foldTime;
        this.order = new FoldOrder(foldTime);
        this.pending = runtime.getListState(PENDING);
        this.open = runtime.getMapState(OPEN);
        this.due = runtime.getState(DUE);
        this.begun = runtime.getState(BEGUN);
        this.silent = new SilentKeys(runtime, foldTime);
    }

    void add(FlowRecord flow) throws Exception {
        pending.add(flow);
    }

    /**
     * Folds the records whose time has come.
     *
     * @param now epoch seconds of event time
     * @return whether records are still waiting
     */
    boolean fold(long now, Outlet outlet) throws Exception {
        Map<ConnectionKey, List<FlowRecord>> ripe = new HashMap<>();
        List<FlowRecord> waiting = new ArrayList<>();
        for (FlowRecord flow : pending.get()) {
            if (foldTime.of(flow) <= now) {
                ripe.computeIfAbsent(flow.key(), key -> new ArrayList<>()).add(flow);
            } else {
                waiting.add(flow);
            }
        }
        if (!ripe.isEmpty()) {
            pending.update(waiting);
            foldByKey(ripe, outlet);
        }
        return !waiting.isEmpty();
    }

    /** Keys are independent of each other, so the order in which they are taken shows in nothing but the output's. */
    private void foldByKey(Map<ConnectionKey, List<FlowRecord>> ripe, Outlet outlet) throws Exception {
        long earliest = dueAt();
        boolean anySilent = !silent.isEmpty();
        Beginnings beginnings = Beginnings.of(begun.value());
        for (Map.Entry<ConnectionKey, List<FlowRecord>> one : ripe.entrySet()) {
            ConnectionKey key = one.getKey();
            KeyMemory memory = memoryOf(key, anySilent);
            one.getValue().sort(order);
            tracker.fold(key, memory, one.getValue(), beginnings, outlet);
            open.put(key, memory);
            earliest = Math.min(earliest, memory.dueAt);
        }
        due.update(earliest);
        begun.update(beginnings.stored());
    }

    private KeyMemory memoryOf(ConnectionKey key, boolean anySilent) throws Exception {
        KeyMemory known = open.get(key);
        if (known != null) {
            return known;
        }
        KeyMemory memory = new KeyMemory();
        memory.last = anySilent ? silent.take(key) : null;
        return memory;
    }

    /**
     * Lets time pass.
     *
     * @return whether anything is remembered still
     */
    boolean advance(long now, Outlet outlet) throws Exception {
        if (dueAt() <= now) {
            advanceBusyKeys(now, outlet);
        }
        silent.sweep(now);
        forgetBeginnings(now);
        return dueAt() != KeyMemory.NOT_DUE || !silent.isEmpty() || begun.value() != null;
    }

    /** All busy keys are looked at, but only when the first of them is due. */
    private void advanceBusyKeys(long now, Outlet outlet) throws Exception {
        long earliest = KeyMemory.NOT_DUE;
        Iterator<Map.Entry<ConnectionKey, KeyMemory>> keys = open.iterator();
        while (keys.hasNext()) {
            Map.Entry<ConnectionKey, KeyMemory> one = keys.next();
            KeyMemory memory = one.getValue();
            if (memory.dueAt <= now) {
                tracker.advance(one.getKey(), memory, now, outlet);
                if (memory.isBusy()) {
                    one.setValue(memory);
                } else {
                    keys.remove();
                    leave(one.getKey(), memory.last);
                }
            }
            earliest = Math.min(earliest, memory.dueAt);
        }
        rememberDue(earliest);
    }

    private void forgetBeginnings(long now) throws Exception {
        Beginnings beginnings = Beginnings.of(begun.value());
        if (beginnings.forget(now)) {
            begun.update(beginnings.stored());
        }
    }

    private void leave(ConnectionKey key, Tombstone last) throws Exception {
        if (last != null) {
            silent.add(key, last);
        }
    }

    /** What is open always waits for something; an emptied map would stay in the heap without a clear. */
    private void rememberDue(long earliest) throws Exception {
        if (earliest == KeyMemory.NOT_DUE) {
            open.clear();
            due.clear();
        } else {
            due.update(earliest);
        }
    }

    /**
     * Ends everything.
     *
     * @param readTo epoch seconds of the end of the last slot read
     */
    void finish(long readTo, Outlet outlet) throws Exception {
        for (Map.Entry<ConnectionKey, KeyMemory> one : open.entries()) {
            tracker.finish(one.getKey(), one.getValue(), readTo, outlet);
        }
        pending.clear();
        open.clear();
        due.clear();
        silent.clear();
        begun.clear();
    }

    private long dueAt() throws Exception {
        Long at = due.value();
        return at == null ? KeyMemory.NOT_DUE : at;
    }
}
