package io.flowsentinel.lifecycle;

import io.flowsentinel.bench.SampleRecords;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.LifecycleEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the tracker makes of one object, as the rules get it. */
public final class SampleEvents {

    private SampleEvents() {}

    /** Folded records and closed connections, key by key. */
    public static List<LifecycleEvent> all() throws IOException {
        List<LifecycleEvent> events = new ArrayList<>();
        ConnectionTracker tracker =
                new ConnectionTracker(Timeouts.defaults(Duration.ofSeconds(60)), LiveFeed.CLOSE_ONLY);
        SampleRecords.records(SampleRecords.text(new ByteArrayInputStream(SampleRecords.storedObject()))).stream()
                .collect(Collectors.groupingBy(FlowRecord::key))
                .forEach((key, records) -> {
                    KeyMemory memory = new KeyMemory();
                    tracker.finish(key, memory, records, Long.MAX_VALUE / 2, Beginnings.of(null), new Adding(events));
                });
        return events;
    }

    private record Adding(List<LifecycleEvent> events) implements Outlet {

        @Override
        public void publish(Connection connection) {
            events.add(connection);
        }

        @Override
        public void folded(FoldedRecord folded) {
            events.add(folded);
        }

        @Override
        public void duplicate() {
            throw new IllegalStateException("no line of these logs is there twice");
        }

        @Override
        public boolean lostRecords(String interfaceId, long from, long to, long knownBy) {
            return false;
        }
    }
}
