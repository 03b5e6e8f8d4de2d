package io.flowsentinel.lifecycle;

import io.flowsentinel.bench.SampleRecords;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What it costs to make a connection of its records, without Flink and state. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TrackerBenchmark {

    private final ConnectionTracker tracker =
            new ConnectionTracker(Timeouts.defaults(Duration.ofSeconds(60)), LiveFeed.CLOSE_ONLY);
    private final Beginnings begun = Beginnings.of(null);
    private List<Map.Entry<ConnectionKey, List<FlowRecord>>> byKey;
    private int next;

    @Setup
    public void setUp() throws IOException {
        byKey = List.copyOf(
                SampleRecords.records(SampleRecords.text(new ByteArrayInputStream(SampleRecords.storedObject())))
                        .stream()
                        .collect(Collectors.groupingBy(FlowRecord::key))
                        .entrySet());
    }

    @Benchmark
    public void connection(Blackhole hole) {
        next = (next + 1) % byKey.size();
        Map.Entry<ConnectionKey, List<FlowRecord>> one = byKey.get(next);
        KeyMemory memory = new KeyMemory();
        List<FlowRecord> records = new ArrayList<>(one.getValue());
        tracker.finish(one.getKey(), memory, records, Long.MAX_VALUE / 2, begun, new Consuming(hole));
    }

    private record Consuming(Blackhole hole) implements Outlet {

        @Override
        public void publish(Connection connection) {
            hole.consume(connection);
        }

        @Override
        public void folded(FoldedRecord folded) {
            hole.consume(folded);
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
