package io.flowsentinel.source;

import io.flowsentinel.source.lines.ReadAheadPool;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.annotation.Nullable;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;

/**
 * Reads several objects at a time: each is opened and read ahead by a thread of its own, so that the round trips to a
 * storage overlap, and all are decoded by the fetcher thread, batch by batch. The object handed out first goes first; while
 * nothing of it has arrived, or it waits for its next attempt, the next one does.
 *
 * <p>Memory: what {@link ReadAhead} says, for each object in flight, the buffers of the file system's streams, and three
 * batches (one in the making, two in Flink's queue).
 */
final class ObjectSplitReader<T> implements SplitReader<LineBatch<T>, ObjectSplit> {

    private final ObjectFormat<T> format;
    private final SourceSettings.Reading settings;
    private final ReadAheadPool pool;
    private final ReadingMetrics metrics;
    private final LongSupplier nanoTime;
    private final Deque<ObjectSplit> queue = new ArrayDeque<>();

    /** Restored splits of which only their end is still to be told. */
    private final Deque<ObjectSplit> over = new ArrayDeque<>();

    private final List<ObjectReading<T>> inFlight = new ArrayList<>();
    private long linesRead;
    private volatile boolean woken;

    /** @param nanoTime the clock of the waits between attempts */
    ObjectSplitReader(
            ObjectFormat<T> format,
            SourceSettings.Reading settings,
            ReadAheadPool pool,
            ReadingMetrics metrics,
            LongSupplier nanoTime) {
        this.format = format;
        this.settings = settings;
        this.pool = pool;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    @Override
    public RecordsWithSplitIds<LineBatch<T>> fetch() throws IOException {
        do {
            if (!over.isEmpty()) {
                return Fetched.nothingMoreOf(over.remove().splitId());
            }
            long wait = begin();
            ObjectReading<T> reading = firstReady();
            if (reading == null) {
                await(wait);
            } else {
                LineBatch<T> batch = next(reading);
                if (batch != null) {
                    return Fetched.of(batch);
                }
            }
        } while (!woken);
        woken = false;
        return Fetched.nothing();
    }

    @Override
    public void handleSplitsChanges(SplitsChange<ObjectSplit> change) {
        if (!(change instanceof SplitsAddition)) {
            throw new UnsupportedOperationException("objects are only ever added, not " + change);
        }
        change.splits().forEach(split -> (split.over() ? over : queue).add(split));
    }

    @Override
    public void wakeUp() {
        woken = true;
        pool.ring();
    }

    /** Waits for nothing: threads that still read ahead end with the pool. */
    @Override
    public void close() {
        inFlight.forEach(ObjectReading::close);
    }

    /** Begins what is to be begun; nanoseconds until there will be more of that. */
    private long begin() {
        while (!queue.isEmpty() && inFlight.size() < settings.inFlight()) {
            inFlight.add(new ObjectReading<>(queue.remove(), format, pool, settings, () -> linesRead, nanoTime));
            metrics.inFlight(inFlight.size());
        }
        long wait = Long.MAX_VALUE;
        for (ObjectReading<T> reading : inFlight) {
            wait = Math.min(wait, reading.begin());
        }
        return wait;
    }

    @Nullable
    private ObjectReading<T> firstReady() {
        for (ObjectReading<T> reading : inFlight) {
            if (reading.isReady()) {
                return reading;
            }
        }
        return null;
    }

    @Nullable
    private LineBatch<T> next(ObjectReading<T> reading) throws IOException {
        LineBatch<T> batch = reading.next();
        linesRead += batch == null ? 0 : batch.newLines();
        if (batch != null && batch.after().over()) {
            inFlight.remove(reading);
            metrics.inFlight(inFlight.size());
        }
        return batch;
    }

    private void await(long nanos) throws IOException {
        try {
            pool.await(nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for objects");
        }
    }

    /** What one fetch brings: at most one batch of one object. */
    private static final class Fetched<T> implements RecordsWithSplitIds<LineBatch<T>> {

        @Nullable
        private String nextSplit;

        @Nullable
        private LineBatch<T> nextBatch;

        private final Set<String> finished;

        private Fetched(@Nullable String split, @Nullable LineBatch<T> batch, Set<String> finished) {
            this.nextSplit = split;
            this.nextBatch = batch;
            this.finished = finished;
        }

        static <T> Fetched<T> nothing() {
            return new Fetched<>(null, null, Set.of());
        }

        static <T> Fetched<T> nothingMoreOf(String split) {
            return new Fetched<>(null, null, Set.of(split));
        }

        static <T> Fetched<T> of(LineBatch<T> batch) {
            String split = batch.after().splitId();
            return new Fetched<>(split, batch, batch.after().over() ? Set.of(split) : Set.of());
        }

        @Override
        @Nullable
        public String nextSplit() {
            String split = nextSplit;
            nextSplit = null;
            return split;
        }

        @Override
        @Nullable
        public LineBatch<T> nextRecordFromSplit() {
            LineBatch<T> batch = nextBatch;
            nextBatch = null;
            return batch;
        }

        @Override
        public Set<String> finishedSplits() {
            return finished;
        }
    }
}
