package io.flowsentinel.source;

import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.fetcher.SingleThreadFetcherManager;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;

/**
 * One fetcher thread for the whole life of a reader, also while there is nothing to read. Flink would end an idle one
 * and start the next with the next object, and in Flink 2.3.0 the next one can then wait for ever at an empty queue:
 * what an ended fetcher left among those who wait for room takes the signals meant for it (FLINK-37663).
 *
 * <p>All methods run on the task's thread.
 */
final class LastingFetcher<T> extends SingleThreadFetcherManager<LineBatch<T>, ObjectSplit> {

    private boolean dismissed;

    LastingFetcher(Supplier<SplitReader<LineBatch<T>, ObjectSplit>> reader, Configuration configuration) {
        super(reader, configuration);
    }

    /** No object will be added any more: the fetcher may end when it is idle. */
    void dismiss() {
        dismissed = true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Not before the queue is empty: the farewell of a fetcher that finds it full can be dropped, and its end is then
     * never seen (FLINK-40660).
     */
    @Override
    public boolean maybeShutdownFinishedFetchers() {
        return dismissed && getQueue().isEmpty() && super.maybeShutdownFinishedFetchers();
    }
}
