package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.OpenAge;
import java.util.List;

/**
 * Decides what records, or the passing of event time, do to the connections of one key. No Flink, no clock, no I/O.
 *
 * <p>Records come in fold order, each when event time has passed its fold time. Whatever is decided here depends on the
 * records' own times only: a deadline counts for a record by that record's start, not by when it is asked, so it makes
 * no difference how far event time has jumped.
 */
final class ConnectionTracker {

    private static final long HOUR_SECONDS = 60 * 60;

    private final FoldTime foldTime;
    private final FoldOrder order;
    private final Deadlines deadlines;
    private final Succession succession;
    private final LiveEvents live;

    ConnectionTracker(Timeouts timeouts, LiveFeed feed) {
        this.foldTime = new FoldTime(timeouts.foldDelaySeconds());
        this.order = new FoldOrder(foldTime);
        this.deadlines = new Deadlines(timeouts);
        this.succession = new Succession(foldTime);
        this.live = new LiveEvents(feed, foldTime);
    }

    /** See {@link LiveEvents#tellAges}. */
    void tellAges(List<OpenAge> asked, long after) {
        live.tellAges(asked, after);
    }

    /**
     * Folds records of a key whose time has come, and lets event time pass.
     *
     * @param ripe those with a fold time up to {@code now} that are not folded yet, in no order; the list is changed
     * @param now epoch seconds; every record with a fold time up to then is here
     * @param begun what began lately in the bucket, to be added to
     * @return epoch seconds of event time at which the key is to be looked at again; {@link KeyMemory#NOT_DUE} where
     *     nothing is remembered of it
     */
    long work(ConnectionKey key, KeyMemory memory, List<FlowRecord> ripe, long now, Beginnings begun, Outlet outlet) {
        foldRipe(key, memory, ripe, begun, outlet);
        advance(key, memory, now, outlet);
        return nextLook(key, memory);
    }

    /**
     * Folds the last records of a key and ends everything: there will be no more input. A deadline after the end of what
     * was read is no timeout.
     *
     * @param ripe the records, in no order; the list is changed
     * @param readTo epoch seconds of the end of the last slot read
     */
    void finish(
            ConnectionKey key, KeyMemory memory, List<FlowRecord> ripe, long readTo, Beginnings begun, Outlet outlet) {
        foldRipe(key, memory, ripe, begun, outlet);
        Tracked current = memory.current;
        if (current != null) {
            long deadline = deadlines.of(current, key.protocol());
            live.updates(key, current, Math.min(foldTime.startsSettledBy(readTo), deadline), outlet);
            if (deadline <= readTo) {
                succession.end(memory, key, timeout(current, key), foldTime.settled(deadline));
            } else {
                succession.end(memory, key, EndReason.END_OF_INPUT, Math.max(readTo, current.end));
            }
        }
        publishFinal(key, memory, Long.MAX_VALUE, outlet);
        memory.last = null;
    }

    private void foldRipe(ConnectionKey key, KeyMemory memory, List<FlowRecord> ripe, Beginnings begun, Outlet outlet) {
        if (ripe.isEmpty()) {
            return;
        }
        if (ripe.size() > 1) {
            ripe.sort(order);
        }
        foldApart(key, memory, ripe, begun, outlet);
        foldSorted(key, memory, ripe, begun, outlet);
    }

    /**
     * Takes out the records that are too old for the open connection, and makes connections of them that are over: a
     * record that is found late is never silently put into a connection it is not of.
     */
    private void foldApart(
            ConnectionKey key, KeyMemory memory, List<FlowRecord> ripe, Beginnings begun, Outlet outlet) {
        Tracked current = memory.current;
        if (current == null || foldTime.effectiveStart(ripe.get(0)) >= current.earliest) {
            return;
        }
        List<FlowRecord> old =
                ripe.stream().filter(flow -> deadlines.before(flow, current)).toList();
        if (old.isEmpty()) {
            return;
        }
        ripe.removeIf(flow -> deadlines.before(flow, current));
        KeyMemory past = new KeyMemory();
        foldSorted(key, past, old, begun, outlet);
        long deadline = deadlines.of(past.current, key.protocol());
        succession.end(past, key, timeout(past.current, key), foldTime.settled(deadline));
        publishFinal(key, past, Long.MAX_VALUE, outlet);
    }

    private void foldSorted(
            ConnectionKey key, KeyMemory memory, List<FlowRecord> ripe, Beginnings begun, Outlet outlet) {
        FlowRecord taken = null;
        for (FlowRecord flow : ripe) {
            if (taken != null && FoldOrder.duplicates(taken, flow)) {
                outlet.duplicate();
                continue;
            }
            taken = flow;
            fold(key, memory, flow, begun, outlet);
        }
    }

    private void fold(ConnectionKey key, KeyMemory memory, FlowRecord flow, Beginnings begun, Outlet outlet) {
        boolean fromLower = flow.source().equals(key.lower());
        publishFinal(key, memory, foldTime.of(flow), outlet);
        if (memory.current != null) {
            endBefore(key, memory, flow, fromLower, outlet);
        }
        if (memory.current == null) {
            memory.current = succession.begin(key, memory, flow, begun);
        } else if (key.protocol() == FlowRecord.TCP) {
            memory.current.marks |= FoldRules.marksOf(memory.current, flow, fromLower);
        }
        memory.current.add(flow, fromLower);
        Roles roles = Roles.of(memory.current, key);
        outlet.folded(new FoldedRecord(flow, roles.originatorIsLower() == fromLower, roles.known(), foldTime.of(flow)));
        live.opened(key, memory.current, foldTime.of(flow), outlet);
    }

    /** Ends the open connection if the record is not of it. */
    private void endBefore(ConnectionKey key, KeyMemory memory, FlowRecord flow, boolean fromLower, Outlet outlet) {
        Tracked current = memory.current;
        long start = foldTime.effectiveStart(flow);
        long deadline = deadlines.of(current, key.protocol());
        live.updates(key, current, Math.min(start - 1, deadline), outlet);
        if (start > deadline) {
            succession.end(memory, key, timeout(current, key), foldTime.settled(deadline));
            return;
        }
        EndReason reason = key.protocol() == FlowRecord.TCP ? FoldRules.endedBy(current, flow, fromLower) : null;
        if (reason != null) {
            succession.end(memory, key, reason, foldTime.of(flow));
        }
    }

    /** Publishes what has become final. */
    private void advance(ConnectionKey key, KeyMemory memory, long now, Outlet outlet) {
        if (memory.current != null) {
            long deadline = deadlines.of(memory.current, key.protocol());
            live.updates(key, memory.current, Math.min(foldTime.startsSettledBy(now), deadline), outlet);
            if (finalAt(memory.current, deadline) <= now) {
                succession.end(memory, key, timeout(memory.current, key), foldTime.settled(deadline));
            }
        }
        publishFinal(key, memory, now, outlet);
        if (memory.last != null && Succession.forgetAt(memory.last, foldTime) <= now) {
            memory.last = null;
        }
    }

    private EndReason timeout(Tracked connection, ConnectionKey key) {
        return deadlines.reason(connection, key.protocol());
    }

    private long finalAt(Tracked connection, long deadline) {
        return succession.finalAt(connection, foldTime.settled(deadline));
    }

    private static void publishFinal(ConnectionKey key, KeyMemory memory, long now, Outlet outlet) {
        for (int i = 0; i < memory.ended.size(); ) {
            Ended one = memory.ended.get(i);
            if (one.finalAt() <= now) {
                outlet.publish(close(key, one, outlet));
                memory.ended.remove(i);
            } else {
                i++;
            }
        }
    }

    private static Connection close(ConnectionKey key, Ended ended, Outlet outlet) {
        boolean gap = CoverageGap.of(ended, outlet);
        return new Conclusion(key, ended.connection()).connection(Event.CLOSE, ended.reason(), gap, ended.finalAt());
    }

    private long nextLook(ConnectionKey key, KeyMemory memory) {
        long next = KeyMemory.NOT_DUE;
        for (Ended one : memory.ended) {
            next = Math.min(next, one.finalAt());
        }
        if (memory.current != null) {
            long deadline = deadlines.of(memory.current, key.protocol());
            next = Math.min(next, finalAt(memory.current, deadline));
            next = Math.min(next, live.nextUpdate(key, memory.current));
        }
        if (memory.last != null) {
            next = Math.min(next, fullHour(Succession.forgetAt(memory.last, foldTime)));
        }
        return next;
    }

    /** Traces are many and wait for a day, so they leave by the hour; what one means is decided by a record's own time. */
    private static long fullHour(long moment) {
        return Math.floorDiv(moment + HOUR_SECONDS - 1, HOUR_SECONDS) * HOUR_SECONDS;
    }
}
