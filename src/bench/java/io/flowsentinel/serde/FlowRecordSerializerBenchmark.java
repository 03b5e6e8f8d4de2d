package io.flowsentinel.serde;

import io.flowsentinel.bench.SampleRecords;
import io.flowsentinel.model.FlowRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
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

/** What a record costs at the key exchange: once out and in again. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class FlowRecordSerializerBenchmark {

    private final FlowRecordSerializer serializer = new FlowRecordSerializer();
    private final DataOutputSerializer out = new DataOutputSerializer(256);
    private final DataInputDeserializer in = new DataInputDeserializer();
    private List<FlowRecord> records;
    private int next;

    @Setup
    public void setUp() throws IOException {
        records = SampleRecords.records(SampleRecords.text(new ByteArrayInputStream(SampleRecords.storedObject())));
    }

    @Benchmark
    public FlowRecord roundTrip() throws IOException {
        next = (next + 1) % records.size();
        out.clear();
        serializer.serialize(records.get(next), out);
        in.setBuffer(out.getSharedBuffer(), 0, out.length());
        return serializer.deserialize(in);
    }
}
