package io.flowsentinel.source;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import javax.annotation.Nullable;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;

/** Reads objects one after the other, in the order they were handed out. Runs on a reader's fetcher thread. */
final class ObjectSplitReader<T> implements SplitReader<LineBatch<T>, ObjectSplit> {

    private final ObjectFormat<T> format;
    private final ObjectReading.Opener opener;
    private final Deque<ObjectSplit> queue = new ArrayDeque<>();

    @Nullable
    private ObjectSplit split;

    @Nullable
    private ObjectReading<T> reading;

    ObjectSplitReader(ObjectFormat<T> format, ObjectReading.Opener opener) {
        this.format = format;
        this.opener = opener;
    }

    @Override
    public RecordsWithSplitIds<LineBatch<T>> fetch() throws IOException {
        if (reading == null) {
            split = queue.poll();
            if (split == null) {
                return Fetched.nothing();
            }
            if (split.over()) {
                return Fetched.nothingMoreOf(split.splitId());
            }
            reading = new ObjectReading<>(split, format, opener);
        }
        LineBatch<T> batch = reading.next();
        if (batch.ending() != null) {
            endReading();
        }
        return Fetched.of(split.splitId(), batch);
    }

    @Override
    public void handleSplitsChanges(SplitsChange<ObjectSplit> change) {
        if (!(change instanceof SplitsAddition)) {
            throw new UnsupportedOperationException("objects are only ever added, not " + change);
        }
        queue.addAll(change.splits());
    }

    @Override
    public void wakeUp() {
        // A fetch ends by itself after one batch.
    }

    @Override
    public void close() throws IOException {
        endReading();
    }

    private void endReading() throws IOException {
        if (reading != null) {
            ObjectReading<T> over = reading;
            reading = null;
            over.close();
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

        static <T> Fetched<T> of(String split, LineBatch<T> batch) {
            return new Fetched<>(split, batch, batch.ending() == null ? Set.of() : Set.of(split));
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
