package io.flowsentinel.serde;

import io.flowsentinel.model.RulesChange;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Which rules hold when, for one subtask: those the job was started with, and what has been changed since. Kept in
 * broadcast state, so all subtasks restore the same.
 *
 * <p>Whoever starts the job anew means the rules it is given for everything that is still to be decided: changes of
 * before are forgotten. A job that goes on after a failure keeps them.
 */
public final class KeptChanges {

    /** By {@link RulesChange#afterMillis}. */
    public static final MapStateDescriptor<Long, RulesChange> STATE =
            new MapStateDescriptor<>("rules", Types.LONG, Nouns.RULES_CHANGE);

    private final BroadcastState<Long, RulesChange> state;
    private final NavigableMap<Long, RulesChange> changes = new TreeMap<>();
    private final boolean others;

    private KeptChanges(BroadcastState<Long, RulesChange> state, RulesChange given) throws Exception {
        this.state = state;
        RulesChange before = state.get(given.afterMillis());
        String last = "";
        long latest = Long.MIN_VALUE;
        for (Map.Entry<Long, RulesChange> one : state.immutableEntries()) {
            if (one.getKey() >= latest) {
                latest = one.getKey();
                last = one.getValue().version();
            }
        }
        boolean anew = before != null && !before.submission().equals(given.submission());
        this.others = anew && !last.equals(given.version());
        if (anew) {
            state.clear();
        }
        for (Map.Entry<Long, RulesChange> one : state.immutableEntries()) {
            changes.put(one.getKey(), one.getValue());
        }
        changes.put(given.afterMillis(), given);
        state.put(given.afterMillis(), given);
    }

    /**
     * What was kept, for a job that starts now.
     *
     * @param given {@link RulesChange#given}
     */
    public static KeptChanges restore(OperatorStateStore store, RulesChange given) throws Exception {
        return new KeptChanges(store.getBroadcastState(STATE), given);
    }

    /** Whether the job was started anew, with other rules than those last in force. */
    public boolean startedWithOthers() {
        return others;
    }

    /**
     * Takes a change.
     *
     * @param watermark in milliseconds; what holds only up to then is forgotten
     */
    public void add(RulesChange change, long watermark) throws Exception {
        // Event time that begins again, as over another source, must not come to changes of its former future.
        for (Long later : changes.tailMap(change.afterMillis(), false).keySet().toArray(Long[]::new)) {
            changes.remove(later);
            state.remove(later);
        }
        changes.put(change.afterMillis(), change);
        state.put(change.afterMillis(), change);
        long inForce = at(watermark).afterMillis();
        for (Long old : changes.headMap(inForce, false).keySet().toArray(Long[]::new)) {
            if (old != Long.MIN_VALUE) {
                changes.remove(old);
                state.remove(old);
            }
        }
    }

    /** Whether a change of that moment is still of account. */
    public boolean has(long afterMillis) {
        return changes.containsKey(afterMillis);
    }

    /** The rules that decide what is decided at a moment, in epoch milliseconds. */
    public RulesChange at(long millis) {
        Map.Entry<Long, RulesChange> last = changes.lowerEntry(millis);
        return (last == null ? changes.firstEntry() : last).getValue();
    }

    /** The rules that decide what is decided at a moment or later; at least one, by {@link RulesChange#afterMillis}. */
    public Iterable<RulesChange> from(long millis) {
        return changes.tailMap(at(millis).afterMillis(), true).values();
    }
}
