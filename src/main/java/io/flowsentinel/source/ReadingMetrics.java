package io.flowsentinel.source;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * What a reader shows of its work: {@code linesRead}, {@code bytesRead} (as stored), {@code objectsRead},
 * {@code objectsFailed}, {@code objectsRetried} (further attempts, however many an object needs), and
 * {@code objectsInFlight}, those being opened and read at this moment.
 */
final class ReadingMetrics {

    private final Counter linesRead;
    private final Counter bytesRead;
    private final Counter objectsRead;
    private final Counter objectsFailed;
    private final Counter objectsRetried;
    private volatile int objectsInFlight;

    ReadingMetrics(MetricGroup group) {
        linesRead = group.counter("linesRead");
        bytesRead = group.counter("bytesRead");
        objectsRead = group.counter("objectsRead");
        objectsFailed = group.counter("objectsFailed");
        objectsRetried = group.counter("objectsRetried");
        group.gauge("objectsInFlight", () -> objectsInFlight);
    }

    /** Is called by the task's thread. */
    void gaveOut(LineBatch<?> batch) {
        linesRead.inc(batch.newLines());
        bytesRead.inc(batch.newBytes());
        switch (batch.outcome()) {
            case MORE_LINES -> {}
            case RETRIED -> objectsRetried.inc();
            case READ -> objectsRead.inc();
            case FAILED -> objectsFailed.inc();
        }
    }

    /** Is called by the fetcher's thread. */
    void inFlight(int objects) {
        objectsInFlight = objects;
    }
}
