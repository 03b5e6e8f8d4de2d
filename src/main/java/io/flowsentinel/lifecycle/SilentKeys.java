package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The keys of one bucket of which nothing is left but the trace of a connection that fell silent.
 *
 * <p>They are by far the most: every unanswered SYN is one for a day. So they stand apart from the open connections, are
 * looked up only when a key begins a connection, and are gone through at most once an hour of event time. That a trace
 * may stand here longer than it has a use does no harm: what it means for a record is decided by the record's own time.
 *
 * <p>Every key leaves in {@link #take}, {@link #sweep} or {@link #clear}.
 */
final class SilentKeys {

    private static final MapStateDescriptor<ConnectionKey, Tombstone> SILENT =
            new MapStateDescriptor<>("silent", new ConnectionKeySerializer(), new TombstoneSerializer());

    private static final ValueStateDescriptor<Long> SWEEP = new ValueStateDescriptor<>("sweep", Types.LONG);

    private static final long SWEEP_EVERY_SECONDS = 60 * 60;

    private final FoldTime foldTime;
    private final MapState<ConnectionKey, Tombstone> silent;

    /** Epoch seconds of event time of the next sweep; null where there is nothing to sweep. */
    private final ValueState<Long> sweep;

    SilentKeys(RuntimeContext runtime, FoldTime foldTime) {
        this.foldTime = foldTime;
        this.silent = runtime.getMapState(SILENT);
        this.sweep = runtime.getState(SWEEP);
    }

    boolean isEmpty() throws Exception {
        return sweep.value() == null;
    }

    void add(ConnectionKey key, Tombstone last) throws Exception {
        silent.put(key, last);
        Long at = sweep.value();
        long forgetAt = Succession.forgetAt(last, foldTime);
        if (at == null || forgetAt < at) {
            sweep.update(forgetAt);
        }
    }

    /** The trace a key has, which is then no longer here; null where it has none. */
    Tombstone take(ConnectionKey key) throws Exception {
        Tombstone last = silent.get(key);
        if (last != null) {
            silent.remove(key);
        }
        return last;
    }

    /** Forgets what has become useless, if it is time to look for it. */
    void sweep(long now) throws Exception {
        Long at = sweep.value();
        if (at == null || at > now) {
            return;
        }
        long earliest = Long.MAX_VALUE;
        Iterator<Map.Entry<ConnectionKey, Tombstone>> keys = silent.iterator();
        while (keys.hasNext()) {
            long forgetAt = Succession.forgetAt(keys.next().getValue(), foldTime);
            if (forgetAt <= now) {
                keys.remove();
            } else {
                earliest = Math.min(earliest, forgetAt);
            }
        }
        if (earliest == Long.MAX_VALUE) {
            clear();
        } else {
            sweep.update(Math.max(earliest, now + SWEEP_EVERY_SECONDS));
        }
    }

    /** An emptied map would stay in the heap without this. */
    void clear() {
        silent.clear();
        sweep.clear();
    }
}
