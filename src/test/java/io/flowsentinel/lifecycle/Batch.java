package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Folds records all at once with the tracker, far from any watermark. */
final class Batch implements Outlet {

    static final Timeouts MINUTE = Timeouts.defaults(Duration.ofSeconds(60));

    final List<Connection> published = new ArrayList<>();
    int duplicates;
    private final Map<String, long[]> lost = new HashMap<>();
    private Timeouts timeouts = MINUTE;
    private LiveFeed feed = LiveFeed.CLOSE_ONLY;

    /** The final connections of these records, by start, as if a day had passed without another record. */
    static List<Connection> connections(Flow... flows) {
        return new Batch().fold(flows);
    }

    /** The only connection of these records. */
    static Connection connection(Flow... flows) {
        List<Connection> all = connections(flows);
        if (all.size() != 1) {
            throw new AssertionError("not one connection: " + all);
        }
        return all.get(0);
    }

    Batch with(Timeouts others) {
        timeouts = others;
        return this;
    }

    Batch with(LiveFeed other) {
        feed = other;
        return this;
    }

    Batch losing(String interfaceId, long fromSecond, long toSecond) {
        lost.put(interfaceId, LostRecords.plus(lost.get(interfaceId), Flow.NOON + fromSecond, Flow.NOON + toSecond));
        return this;
    }

    List<Connection> fold(Flow... flows) {
        return foldAll(Arrays.stream(flows).map(Flow::record).toList(), Long.MAX_VALUE / 2);
    }

    List<Connection> foldAll(List<FlowRecord> records, long readTo) {
        ConnectionTracker tracker = new ConnectionTracker(timeouts, feed);
        Map<ConnectionKey, List<FlowRecord>> byKey = records.stream().collect(Collectors.groupingBy(FlowRecord::key));
        byKey.forEach((key, arrived) -> {
            KeyMemory memory = new KeyMemory();
            tracker.finish(key, memory, arrived, readTo, Beginnings.of(null), this);
        });
        return published;
    }

    @Override
    public void publish(Connection connection) {
        published.add(connection);
    }

    @Override
    public void folded(FoldedRecord folded) {
        // what records carry is tested with the rules that judge it
    }

    @Override
    public void duplicate() {
        duplicates++;
    }

    @Override
    public boolean lostRecords(String interfaceId, long from, long to, long knownBy) {
        return LostRecords.overlap(lost.get(interfaceId), from, to, knownBy, new FoldTime(timeouts.foldDelaySeconds()));
    }
}
