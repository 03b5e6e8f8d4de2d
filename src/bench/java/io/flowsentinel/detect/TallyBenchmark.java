package io.flowsentinel.detect;

import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.lifecycle.SampleEvents;
import io.flowsentinel.model.LifecycleEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to ask all rules what a connection and its records mean. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TallyBenchmark {

    /** What is sent has to be let go of; most is sent before, as soon as much is packed. */
    private static final int SENT_EVERY = 1 << 16;

    private OneInputStreamOperatorTestHarness<LifecycleEvent, PartialBlock> harness;
    private List<LifecycleEvent> events;
    private int next;

    @Setup
    public void setUp() throws Exception {
        events = SampleEvents.all();
        harness = new OneInputStreamOperatorTestHarness<>(
                new TallyConnections(Rules.defaults(), Networks.byDefault(), Duration.ofSeconds(60)));
        harness.open();
    }

    @Benchmark
    public void event() throws Exception {
        next = (next + 1) % events.size();
        harness.processElement(new StreamRecord<>(events.get(next)));
        if (next % SENT_EVERY == 0) {
            harness.prepareSnapshotPreBarrier(1);
            harness.getOutput().clear();
        }
    }

    @TearDown
    public void close() throws Exception {
        harness.close();
    }
}
