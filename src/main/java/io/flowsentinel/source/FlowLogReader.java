package io.flowsentinel.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.core.io.InputStatus;

/**
 * Gives out the elements of the objects it was handed, and moves event time when the enumerator says so. All methods
 * run on the task's thread; objects are read and decoded on a fetcher thread of its own.
 */
@SuppressWarnings("try") // close() is inherited and declares what it likes.
final class FlowLogReader<T>
        extends SingleThreadMultiplexSourceReaderBase<LineBatch<T>, T, ObjectSplit, ReadingProgress> {

    /** One object is read while the next one waits, so that no reader idles for the length of a round trip. */
    private static final int OBJECTS_IN_HAND = 2;

    private final ObjectFormat<T> format;
    private final Deque<EventTimeReached> news = new ArrayDeque<>();

    FlowLogReader(
            SourceReaderContext context, ObjectFormat<T> format, ObjectReading.Opener opener, ReadingMetrics metrics) {
        super(
                () -> new ObjectSplitReader<>(format, opener),
                (batch, output, progress) -> {
                    batch.elements().forEach(output::collect);
                    progress.gaveOut(batch);
                    metrics.gaveOut(batch);
                },
                context.getConfiguration(),
                context);
        this.format = format;
    }

    @Override
    public void start() {
        for (int i = 0; i < OBJECTS_IN_HAND; i++) {
            context.sendSplitRequest();
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
        splitFetcherManager.getQueue().notifyAvailable();
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

    /** Every element the new event time is about has been given out before the enumerator could know of it. */
    private void giveOut(EventTimeReached reached, ReaderOutput<T> output) {
        if (context.getIndexOfSubtask() == 0 && reached.totals() != null) {
            output.collect(format.discovered(reached.totals()));
        }
        if (reached.timeMillis() != Long.MIN_VALUE) {
            output.emitWatermark(new Watermark(reached.timeMillis()));
        }
    }
}
