package io.flowsentinel.source;

import io.flowsentinel.source.lines.ObjectOpener;
import io.flowsentinel.source.lines.ReadAheadPool;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.core.io.InputStatus;

/**
 * Gives out the elements of the objects it was handed, and moves event time when the enumerator says so. All methods
 * run on the task's thread; objects are decoded on a fetcher thread of its own.
 */
final class FlowLogReader<T>
        extends SingleThreadMultiplexSourceReaderBase<LineBatch<T>, T, ObjectSplit, ReadingProgress> {

    private final ObjectFormat<T> format;
    private final int inFlight;
    private final ReadAheadPool pool;
    private final LastingFetcher<T> fetcher;
    private final Deque<EventTimeReached> news = new ArrayDeque<>();
    private int asked;

    FlowLogReader(
            SourceReaderContext context,
            ObjectFormat<T> format,
            SourceSettings.Reading settings,
            ObjectOpener opener,
            ReadingMetrics metrics) {
        this(
                context,
                format,
                settings,
                new ReadAheadPool(opener, Thread.currentThread().getName()),
                metrics);
    }

    private FlowLogReader(
            SourceReaderContext context,
            ObjectFormat<T> format,
            SourceSettings.Reading settings,
            ReadAheadPool pool,
            ReadingMetrics metrics) {
        this(
                context,
                format,
                settings.inFlight(),
                pool,
                new LastingFetcher<>(
                        () -> new ObjectSplitReader<>(format, settings, pool, metrics, System::nanoTime),
                        context.getConfiguration()),
                metrics);
    }

    private FlowLogReader(
            SourceReaderContext context,
            ObjectFormat<T> format,
            int inFlight,
            ReadAheadPool pool,
            LastingFetcher<T> fetcher,
            ReadingMetrics metrics) {
        super(
                fetcher,
                (batch, output, progress) -> {
                    batch.elements().forEach(output::collect);
                    progress.gaveOut(batch);
                    metrics.gaveOut(batch);
                },
                context.getConfiguration(),
                context);
        this.format = format;
        this.inFlight = inFlight;
        this.pool = pool;
        this.fetcher = fetcher;
    }

    @Override
    public void start() {
        ask();
    }

    /** Asks for as many objects as it reads at a time, one by one, so that the first objects spread over all readers. */
    @Override
    public void addSplits(List<ObjectSplit> splits) {
        super.addSplits(splits);
        if (asked < inFlight) {
            ask();
        }
    }

    @Override
    public void notifyNoMoreSplits() {
        fetcher.dismiss();
        super.notifyNoMoreSplits();
    }

    /** What blocks in a storage client is stopped first, so that the fetcher need not wait for it. */
    @Override
    public void close() throws Exception {
        pool.stop();
        try {
            super.close();
        } finally {
            pool.close();
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        while (!news.isEmpty()) {
            giveOut(news.remove(), output);
        }
        return super.pollNext(output);
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        if (!(event instanceof EventTimeReached reached)) {
            throw new IllegalArgumentException("the enumerator sent " + event);
        }
        news.add(reached);
        // A reader without objects sleeps until its queue says there is something to do.
        fetcher.getQueue().notifyAvailable();
    }

    @Override
    protected void onSplitFinished(Map<String, ReadingProgress> finished) {
        finished.forEach((id, progress) -> {
            context.sendSourceEventToCoordinator(
                    new ObjectFinished(id, progress.split().latestSeconds()));
            context.sendSplitRequest();
        });
    }

    @Override
    protected ReadingProgress initializedState(ObjectSplit split) {
        return new ReadingProgress(split);
    }

    @Override
    protected ObjectSplit toSplitType(String id, ReadingProgress progress) {
        return progress.split();
    }

    private void ask() {
        asked++;
        context.sendSplitRequest();
    }

    /** Every element the new event time is about has been given out before the enumerator could know of it. */
    private void giveOut(EventTimeReached reached, ReaderOutput<T> output) {
        if (reached.totals() != null) {
            output.collect(format.discovered(reached.totals()));
        }
        if (reached.timeMillis() != Long.MIN_VALUE) {
            output.emitWatermark(new Watermark(reached.timeMillis()));
        }
    }
}
