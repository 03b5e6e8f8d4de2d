package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LastingFetcherTest {

    /** More than Flink's queue holds. */
    private static final int BATCHES = 4;

    private static final int TIMES_WOKEN = 8;

    private final LastingFetcher<Tuple3<String, Long, String>> fetcher =
            new LastingFetcher<>(BatchesOfEach::new, new Configuration());

    @AfterEach
    void close() throws Exception {
        fetcher.close(TimeUnit.SECONDS.toMillis(10));
    }

    @Test
    void everythingIsFetchedAlsoAfterAnIdleTimeThatFollowedManyWakeUps() {
        addObject("first");
        awaitFullQueue();
        for (int time = 0; time < TIMES_WOKEN; time++) {
            // Each new object wakes the fetcher that waits for room in the queue.
            addObject("more " + time);
            awaitFullQueue();
        }
        awaitBatches((1 + TIMES_WOKEN) * BATCHES);
        fetcher.maybeShutdownFinishedFetchers();

        addObject("last");
        awaitFullQueue();

        awaitBatches(BATCHES);
    }

    @Test
    void anIdleFetcherEndsOnlyOnceNoObjectWillCome() {
        addObject("only");
        awaitBatches(BATCHES);

        assertThat(fetcher.maybeShutdownFinishedFetchers()).isFalse();
        assertThat(fetcher.getNumAliveFetchers()).isEqualTo(1);
        fetcher.dismiss();

        Awaitility.await().untilAsserted(() -> {
            fetcher.getQueue().poll();
            assertThat(fetcher.maybeShutdownFinishedFetchers()).isTrue();
        });
    }

    private void addObject(String uri) {
        fetcher.addSplits(List.of(ReaderOfFakes.unread(uri, 1)));
    }

    private void awaitFullQueue() {
        Awaitility.await().until(() -> fetcher.getQueue().remainingCapacity() == 0);
    }

    private void awaitBatches(int count) {
        for (int taken = 0; taken < count; taken++) {
            int soFar = taken;
            Awaitility.await("batch " + soFar)
                    .atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> fetcher.getQueue().poll() != null);
        }
    }

    /** Gives so many empty batches for each object, and ends the object with its last. */
    private static final class BatchesOfEach
            implements SplitReader<LineBatch<Tuple3<String, Long, String>>, ObjectSplit> {

        private final Deque<String> objects = new ArrayDeque<>();
        private int given;

        @Override
        public RecordsWithSplitIds<LineBatch<Tuple3<String, Long, String>>> fetch() {
            RecordsBySplits.Builder<LineBatch<Tuple3<String, Long, String>>> batch = new RecordsBySplits.Builder<>();
            given++;
            if (given == BATCHES) {
                given = 0;
                batch.addFinishedSplits(Set.of(objects.remove()));
            }
            return batch.build();
        }

        @Override
        public void handleSplitsChanges(SplitsChange<ObjectSplit> changes) {
            changes.splits().forEach(split -> objects.add(split.splitId()));
        }

        @Override
        public void wakeUp() {
            // A fetch never waits.
        }

        @Override
        public void close() {
            objects.clear();
        }
    }
}
