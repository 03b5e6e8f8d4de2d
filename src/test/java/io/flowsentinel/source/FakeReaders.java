package io.flowsentinel.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * An enumerator's surroundings in one thread: readers that read an object the moment they get it, and calls that run
 * when the test says so. Not a mock of Flink's threads, which other tests have for real.
 */
final class FakeReaders implements SplitEnumeratorContext<ObjectSplit> {

    private final ShownMetrics metrics = new ShownMetrics();
    private final int readers;
    private final Map<Integer, ReaderInfo> registered = new HashMap<>();
    private final Deque<Runnable> once = new ArrayDeque<>();
    private final Deque<Assigned> assigned = new ArrayDeque<>();
    private Runnable repeated;
    private long eventTimeMillis = Long.MIN_VALUE;
    private int done;

    private record Assigned(int reader, ObjectSplit split) {}

    FakeReaders(int readers) {
        this.readers = readers;
    }

    /** All readers are there and ask for an object. */
    void start(FlowLogEnumerator enumerator) {
        start(enumerator, List.of());
    }

    /** As {@link #start}, where one of them was restored with these. */
    void start(FlowLogEnumerator enumerator, List<ObjectSplit> broughtBack) {
        enumerator.start();
        register(enumerator, broughtBack);
    }

    /**
     * All readers fail and come back.
     *
     * @param takenBack what one of them was given since the checkpoint: Flink hands that back
     * @param broughtBack what one of them had in the checkpoint: it reports that when it registers
     */
    void fallBack(FlowLogEnumerator enumerator, List<ObjectSplit> takenBack, List<ObjectSplit> broughtBack) {
        registered.clear();
        assigned.clear();
        eventTimeMillis = Long.MIN_VALUE;
        for (int reader = 0; reader < readers; reader++) {
            enumerator.addSplitsBack(reader == 0 ? takenBack : List.of(), reader);
        }
        register(enumerator, broughtBack);
    }

    private void register(FlowLogEnumerator enumerator, List<ObjectSplit> ofTheFirst) {
        for (int reader = 0; reader < readers; reader++) {
            registered.put(reader, ReaderInfo.createReaderInfo(reader, "here", reader == 0 ? ofTheFirst : List.of()));
            enumerator.addReader(reader);
            enumerator.handleSplitRequest(reader, null);
        }
    }

    /** One repeated look, if looks are repeated by now. */
    void tick() {
        if (repeated != null) {
            repeated.run();
        }
    }

    /** Makes the calls asked for so far that are made once. */
    boolean call() {
        Runnable next = once.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    /** Reads the object that was handed out first; null where readers have none. */
    ObjectSplit read(FlowLogEnumerator enumerator) {
        Assigned next = assigned.poll();
        if (next == null) {
            return null;
        }
        enumerator.handleSourceEvent(
                next.reader(), new ObjectFinished(next.split().splitId(), Long.MIN_VALUE));
        enumerator.handleSplitRequest(next.reader(), null);
        return next.split();
    }

    ShownMetrics metrics() {
        return metrics;
    }

    /** The event time a reader was told last; {@link Long#MIN_VALUE} for none. */
    long eventTimeMillis() {
        return eventTimeMillis;
    }

    boolean allDone() {
        return done == readers;
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return metrics;
    }

    @Override
    public void sendEventToSourceReader(int reader, SourceEvent event) {
        eventTimeMillis = ((EventTimeReached) event).timeMillis();
    }

    @Override
    public int currentParallelism() {
        return readers;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return registered;
    }

    @Override
    public void assignSplits(SplitsAssignment<ObjectSplit> assignment) {
        assignment.assignment().forEach((reader, splits) -> splits.forEach(split -> assignSplit(split, reader)));
    }

    @Override
    public void assignSplit(ObjectSplit split, int reader) {
        assigned.add(new Assigned(reader, split));
    }

    @Override
    public void signalNoMoreSplits(int reader) {
        done++;
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        once.add(() -> run(callable, handler));
    }

    @Override
    public <T> void callAsync(
            Callable<T> callable, BiConsumer<T, Throwable> handler, long initialDelayMillis, long periodMillis) {
        repeated = () -> run(callable, handler);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
        runnable.run();
    }

    private static <T> void run(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        T result;
        try {
            result = callable.call();
        } catch (Exception failed) {
            handler.accept(null, failed);
            return;
        }
        handler.accept(result, null);
    }
}
