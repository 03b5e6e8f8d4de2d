package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.FolderListing;
import io.flowsentinel.testing.History;
import io.flowsentinel.testing.HistoryFileSystem;
import io.flowsentinel.testing.MovingClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    private final SourceSettings bounded = bounded(history.uri());
    private final SourceSettings continuous = continuous(bounded);
    private final Set<String> read = new HashSet<>();
    private long checkpoint;

    @BeforeEach
    void forget() {
        HistoryFileSystem.reset();
    }

    /** @param between how many objects are read between the last completed checkpoint and the one restored from */
    @ParameterizedTest
    @CsvSource({"false, 5", "false, 500", "false, 50000", "true, 5", "true, 500", "true, 50000"})
    void nothingIsReadTwiceWhereverCheckpointsAreCompleted(boolean live, int between) throws IOException {
        SourceSettings settings = live ? continuous : bounded;
        DiscoveryProgress progress = readAndStop(settings, null, 3_000, between);

        readToTheEnd(settings, progress);

        assertThat(read).hasSize((int) history.objects());
    }

    /** @param each how many objects are read before the next restore */
    @ParameterizedTest
    @CsvSource({"false, 700", "false, 7000", "true, 700", "true, 7000"})
    void nothingIsReadTwiceOverManyRestores(boolean live, int each) throws IOException {
        SourceSettings settings = live ? continuous : bounded;
        DiscoveryProgress progress = null;
        for (int restore = 0; restore < 10; restore++) {
            progress = readAndStop(settings, progress, each / 2, each / 2);
        }

        readToTheEnd(settings, progress);

        assertThat(read).hasSize((int) history.objects());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingOfTwoRootsIsReadTwice(boolean live) throws IOException {
        History fewer = History.of(10, 1, DAYS, 1).until(LAST_DAY);
        SourceSettings both = bounded(history.uri(), fewer.uri());
        SourceSettings settings = live ? continuous(both) : both;
        DiscoveryProgress progress = readAndStop(settings, null, 3_000, 5_000);

        readToTheEnd(settings, progress);

        assertThat(read).hasSize((int) (history.objects() + fewer.objects()));
    }

    /** Every look shows it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anObjectWithoutASlotIsNotReadTwice(boolean live, @TempDir Path folder) throws IOException {
        Path single = Files.writeString(folder.resolve("any.log"), "text");
        SourceSettings both = bounded(history.uri(), single.toString());
        SourceSettings settings = live ? continuous(both) : both;
        DiscoveryProgress progress = readAndStop(settings, null, 3_000, 5_000);

        readToTheEnd(settings, progress);

        assertThat(read).hasSize((int) history.objects() + 1);
    }

    /** A look that comes in parts shows it after it has been through its slot. */
    @Test
    void anObjectInTheFolderOfALaterDayIsNotReadTwice() throws IOException {
        Instant slot = LAST_DAY.minusDays(4).atTime(20, 0).toInstant(ZoneOffset.UTC);
        HistoryFileSystem.publishElsewhere(
                history, History.account(0), History.region(0), slot, slot.plus(Duration.ofDays(2)), "elsewhere");
        DiscoveryProgress progress = readAndStop(bounded, null, 3_000, 55_000);
        assertThat(read).filteredOn(id -> id.contains("elsewhere")).hasSize(1);

        readToTheEnd(bounded, progress);

        assertThat(read).hasSize((int) history.objects() + 1);
    }

    /** Reads so many objects, completes a checkpoint, reads so many more, and stops at the next one. */
    private DiscoveryProgress readAndStop(
            SourceSettings settings, @Nullable DiscoveryProgress restored, int before, int after) throws IOException {
        FakeReaders readers = new FakeReaders(READERS);
        FlowLogEnumerator enumerator = enumerator(readers, settings, restored);
        readers.start(enumerator);
        complete(enumerator);
        read(readers, enumerator, before);
        complete(enumerator);
        read(readers, enumerator, after);
        DiscoveryProgress progress = enumerator.snapshotState(++checkpoint);
        // What readers have in hand is in their own part of the checkpoint.
        read(readers, enumerator, READERS);
        enumerator.close();
        return kept(progress);
    }

    private void readToTheEnd(SourceSettings settings, DiscoveryProgress restored) throws IOException {
        FakeReaders readers = new FakeReaders(READERS);
        FlowLogEnumerator enumerator = enumerator(readers, settings, restored);
        readers.start(enumerator);
        boolean going = true;
        while (going) {
            complete(enumerator);
            going = readers.call();
            complete(enumerator);
            going |= read(readers, enumerator, 1_000) > 0;
        }
        enumerator.close();
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

    private static SourceSettings bounded(String... roots) {
        return SourceSettings.bounded(List.of(roots));
    }

    private static SourceSettings continuous(SourceSettings bounded) {
        return bounded.continuously(Duration.ofSeconds(30)).withRange(NOW.minus(Duration.ofDays(DAYS)), null);
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
