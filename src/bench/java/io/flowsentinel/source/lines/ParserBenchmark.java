package io.flowsentinel.source.lines;

import io.flowsentinel.bench.SampleRecords;
import io.flowsentinel.parse.FlowLogParser;
import io.flowsentinel.parse.ParserCaches;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
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

/** One object of 250,000 records: inflating it, and inflating and parsing it, on one core. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class ParserBenchmark {

    private static final int BUFFER = 64 * 1024;

    private final ParserCaches caches = SampleRecords.caches();
    private byte[] stored;

    @Setup
    public void setUp() throws IOException {
        stored = SampleRecords.storedObject();
    }

    /** With the JDK's stream and a large buffer. */
    @Benchmark
    public long inflateOnly() throws IOException {
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(stored), BUFFER)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                bytes += count;
            }
        }
        return bytes;
    }

    /** As the job does it, with the caches of a reader that has met these interfaces before. */
    @Benchmark
    public void inflateAndParse(Blackhole hole) throws IOException {
        FlowLogParser parser = SampleRecords.parser(caches);
        long number = 0;
        try (GzipBytes text = new GzipBytes(new StoredBytes(new ByteArrayInputStream(stored), stored.length))) {
            LineReader lines = new LineReader(text, TextLines.BUFFER_BYTES, ObjectLines.MAX_LINE_BYTES);
            while (lines.advance()) {
                parser.line(lines.buffer(), lines.from(), lines.to(), ++number, hole::consume);
            }
        }
    }
}
