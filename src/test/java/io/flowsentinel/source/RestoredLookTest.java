package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.FolderListing;
import io.flowsentinel.testing.History;
import io.flowsentinel.testing.HistoryFileSystem;
import io.flowsentinel.testing.MovingClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an enumerator that was restored finds again has been read, whether or not a checkpoint is completed before its first
 * look, or a part of that, is over: with a large bucket the look takes longer.
 */
final class RestoredLookTest {

    private static final int DAYS = 8;
    private static final int READERS = 2;

    /** So many that a look back of two days gives its answer in parts. */
    private static final int ACCOUNTS = 40;

    private static final Instant NOW = Instant.parse("2025-12-30T23:30:00Z");
    private static final LocalDate LAST_DAY = LocalDate.of(2025, 12, 30);

    private final MovingClock clock = new MovingClock(NOW);
    private final History history = History.of(ACCOUNTS, 1, DAYS, 1).until(LAST_DAY);
    private final Set<String> read = new HashSet<>();
    private long checkpoint;

    @BeforeEach
    void forget() {
        HistoryFileSystem.reset();
    }

    /** @param between how many objects are read between the last completed checkpoint and the one restored from */
    @ParameterizedTest
    @CsvSource({"false, 5", "false, 500", "false, 50000", "true, 5", "true, 500", "true, 50000"})
    void nothingIsReadTwiceWhereverCheckpointsAreCompleted(boolean continuous, int between) throws IOException {
        SourceSettings settings = SourceSettings.bounded(List.of(history.uri()));
        if (continuous) {
            settings = settings.continuously(Duration.ofSeconds(30)).withRange(NOW.minus(Duration.ofDays(DAYS)), null);
        }
        FakeReaders before = new FakeReaders(READERS);
        FlowLogEnumerator first = enumerator(before, settings, null);
        before.start(first);
        read(before, first, 3_000);
        complete(first);
        read(before, first, between);
        DiscoveryProgress progress = first.snapshotState(++checkpoint);
        // What readers have in hand is in their own part of the checkpoint.
        read(before, first, READERS);
        first.close();

        FakeReaders after = new FakeReaders(READERS);
        FlowLogEnumerator second = enumerator(after, settings, kept(progress));
        after.start(second);
        boolean going = true;
        while (going) {
            complete(second);
            going = after.call();
            complete(second);
            going |= read(after, second, 1_000) > 0;
        }
        second.close();

        assertThat(read).hasSize((int) history.objects());
    }

    private void complete(FlowLogEnumerator enumerator) {
        enumerator.snapshotState(++checkpoint);
        enumerator.notifyCheckpointComplete(checkpoint);
    }

    /** Reads so many objects, or all there are. */
    private int read(FakeReaders readers, FlowLogEnumerator enumerator, int most) {
        int count = 0;
        boolean going = true;
        while (going && count < most) {
            ObjectSplit split = readers.read(enumerator);
            going = split != null || readers.call();
            if (split != null) {
                assertThat(read.add(split.splitId())).as(split.splitId()).isTrue();
                count++;
            }
        }
        return count;
    }

    private static DiscoveryProgress kept(DiscoveryProgress progress) throws IOException {
        DiscoveryProgressSerializer serializer = new DiscoveryProgressSerializer();
        return serializer.deserialize(serializer.getVersion(), serializer.serialize(progress));
    }

    private FlowLogEnumerator enumerator(
            FakeReaders readers, SourceSettings settings, @Nullable DiscoveryProgress restored) {
        FolderListing listing = new FolderListing(settings.roots(), settings.filter(), settings.continuous(), clock);
        return new FlowLogEnumerator(
                readers, settings, listing, new DiscoveryMetrics(readers.metrics(), clock), clock, restored);
    }
}
