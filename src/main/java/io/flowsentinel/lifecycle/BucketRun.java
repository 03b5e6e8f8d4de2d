package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.LifecycleEvent;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.util.Collector;

/** One working of one bucket: hands on what the tracker publishes and counts it. */
final class BucketRun implements Outlet {

    private final Collector<LifecycleEvent> out;
    private final ReadOnlyBroadcastState<String, long[]> lost;
    private final FoldTime foldTime;
    private final boolean nothingLost;
    private long duplicates;
    private long closed;

    BucketRun(Collector<LifecycleEvent> out, ReadOnlyBroadcastState<String, long[]> lost, FoldTime foldTime)
            throws Exception {
        this.out = out;
        this.lost = lost;
        this.foldTime = foldTime;
        this.nothingLost = !lost.immutableEntries().iterator().hasNext();
    }

    @Override
    public void publish(Connection connection) {
        if (connection.event() == Connection.Event.CLOSE) {
            closed++;
        }
        out.collect(connection);
    }

    @Override
    public void folded(FoldedRecord folded) {
        out.collect(folded);
    }

    @Override
    public void duplicate() {
        duplicates++;
    }

    @Override
    public boolean lostRecords(String interfaceId, long from, long to, long knownBy) {
        return !nothingLost && LostRecords.overlap(pairs(interfaceId), from, to, knownBy, foldTime);
    }

    private long[] pairs(String interfaceId) {
        try {
            return lost.get(interfaceId);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot read the lost records of " + interfaceId, e);
        }
    }

    /** What this working adds to the accounts. */
    Accounts accounts() {
        Accounts sum = Accounts.NONE;
        if (duplicates > 0) {
            sum = sum.plus(Accounts.of(Accounts.RECORDS_DUPLICATE, duplicates));
        }
        if (closed > 0) {
            sum = sum.plus(Accounts.of(Accounts.CONNECTIONS, closed));
        }
        return sum;
    }
}
