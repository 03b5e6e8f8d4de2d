package io.flowsentinel.source;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What a reader shows of its work: {@code linesRead}, {@code bytesRead} (as stored), {@code objectsRead},
 * {@code objectsFailed}. */
final class ReadingMetrics {

    private final Counter linesRead;
    private final Counter bytesRead;
    private final Counter objectsRead;
    private final Counter objectsFailed;

    ReadingMetrics(MetricGroup group) {
        linesRead = group.counter("linesRead");
        bytesRead = group.counter("bytesRead");
        objectsRead = group.counter("objectsRead");
        objectsFailed = group.counter("objectsFailed");
    }

    void gaveOut(LineBatch<?> batch) {
        linesRead.inc(batch.newLines());
        bytesRead.inc(batch.storedBytes());
        LineBatch.Ending ending = batch.ending();
        if (ending != null) {
            (ending.failed() ? objectsFailed : objectsRead).inc();
        }
    }
}
