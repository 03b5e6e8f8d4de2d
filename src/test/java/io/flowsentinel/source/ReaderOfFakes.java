package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.lines.ReadAheadPool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.annotation.Nullable;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/**
 * A split reader over a fake storage and a clock that stands still, driven as a fetcher drives it. Keeps what it gives out,
 * and checks that every batch tells how many lines it brings, where it ends, and has the account of these lines.
 */
final class ReaderOfFakes implements AutoCloseable {

    final FakeStorage storage = new FakeStorage();
    final List<String> lines = new ArrayList<>();
    final List<String> endings = new ArrayList<>();

    /** The objects whose end was told. */
    final List<String> finished = new ArrayList<>();

    /** The outcome of every batch, with the object's URI. */
    final List<String> outcomes = new ArrayList<>();

    final ReadAheadPool pool = new ReadAheadPool(storage, "test");

    private final Shown group = new Shown();
    private final ReadingMetrics metrics;
    private final AtomicLong nanos = new AtomicLong();
    private final ObjectSplitReader<Tuple3<String, Long, String>> reader;
    private final Map<String, ObjectSplit> splits = new HashMap<>();

    ReaderOfFakes(SourceSettings.Reading settings) {
        metrics = new ReadingMetrics(group);
        reader = new ObjectSplitReader<>(new Lines(), settings, pool, metrics, nanos::get);
    }

    static SourceSettings.Reading reading(int inFlight, int attempts, Duration backOff) {
        return new SourceSettings.Reading(inFlight, attempts, backOff, false);
    }

    static ObjectSplit unread(String uri, long size) {
        return ObjectSplit.unread(new LogObject(uri, size, "0", 0, "", "", ""), false);
    }

    /** Hands out an object that was not read yet. */
    void add(String uri, long size) {
        add(unread(uri, size));
    }

    void add(ObjectSplit split) {
        addAll(split);
    }

    void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    void wakeUp() {
        reader.wakeUp();
    }

    /** Hands out objects at once, as after a restore. */
    void addAll(ObjectSplit... restored) {
        for (ObjectSplit split : restored) {
            splits.put(split.splitId(), split);
        }
        reader.handleSplitsChanges(new SplitsAddition<>(List.of(restored)));
    }

    /** Waits for a batch; null if it was woken up before there was one, or only the end of an object was told. */
    @Nullable
    LineBatch<Tuple3<String, Long, String>> fetch() throws IOException {
        RecordsWithSplitIds<LineBatch<Tuple3<String, Long, String>>> fetched = reader.fetch();
        fetched.finishedSplits()
                .forEach(id -> finished.add(splits.get(id).object().uri()));
        String split = fetched.nextSplit();
        LineBatch<Tuple3<String, Long, String>> batch = split == null ? null : fetched.nextRecordFromSplit();
        if (batch != null) {
            assertThat(fetched.finishedSplits().contains(split))
                    .isEqualTo(batch.after().over());
            keep(batch);
        }
        return batch;
    }

    /** A fetch that finds nothing to do; what has not arrived by then it does not wait for. */
    void fetchNothing() throws IOException {
        wakeUp();
        assertThat(fetch()).isNull();
    }

    void fetchUntilOver(String uri) throws IOException {
        LineBatch<?> batch;
        do {
            batch = fetch();
        } while (batch == null
                || !batch.after().over()
                || !batch.after().object().uri().equals(uri));
    }

    /** How far an object was given out. */
    ObjectSplit split(String uri) {
        return splits.values().stream()
                .filter(split -> split.object().uri().equals(uri))
                .findFirst()
                .orElseThrow();
    }

    /** What a metric shows. */
    long metric(String name) {
        Metric metric = group.metrics.get(name);
        return metric instanceof Counter counter
                ? counter.getCount()
                : ((Number) ((Gauge<?>) metric).getValue()).longValue();
    }

    private void keep(LineBatch<Tuple3<String, Long, String>> batch) {
        long newLines = 0;
        long accountedLines = 0;
        long accountedBytes = 0;
        for (Tuple3<String, Long, String> element : batch.elements()) {
            switch (element.f0) {
                case "line" -> {
                    lines.add(element.f2);
                    newLines++;
                }
                case "account" -> {
                    String[] words = element.f2.split(" ", -1);
                    accountedLines += Long.parseLong(words[1]);
                    accountedBytes += Long.parseLong(words[3]);
                }
                default -> endings.add(element.f2);
            }
        }
        metrics.gaveOut(batch);
        ObjectSplit before = splits.put(batch.after().splitId(), batch.after());
        outcomes.add(batch.after().object().uri() + " " + batch.outcome());
        assertThat(batch.newLines()).isEqualTo(newLines).isEqualTo(accountedLines);
        assertThat(batch.after().lines()).isEqualTo(before.lines() + newLines);
        assertThat(batch.newBytes()).isEqualTo(accountedBytes);
        assertThat(batch.after().storedBytes()).isEqualTo(before.storedBytes() + accountedBytes);
    }

    @Override
    public void close() throws InterruptedException {
        reader.close();
        pool.close();
    }

    /** Keeps the metrics that are registered. */
    private static final class Shown extends UnregisteredMetricsGroup {

        private final Map<String, Metric> metrics = new HashMap<>();

        @Override
        public Counter counter(String name) {
            Counter counter = new SimpleCounter();
            metrics.put(name, counter);
            return counter;
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            metrics.put(name, gauge);
            return gauge;
        }
    }
}
