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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What discovery costs over a bucket of a million objects is what it costs over one of a thousand. */
final class BigHistoryTest {

    private static final LocalDate LAST_DAY = LocalDate.of(2025, 12, 30);
    private static final Instant NOW = Instant.parse("2025-12-30T23:30:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final int ACCOUNTS = 10;

    private final MovingClock clock = new MovingClock(NOW);

    @BeforeEach
    void forget() {
        HistoryFileSystem.reset();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aPollAndItsProgressCostTheSame(boolean hive, boolean hours) throws IOException {
        Cost few = live(history(3, hive, hours));
        Cost many = live(history(347, hive, hours));

        assertThat(many).isEqualTo(few);
        // A day folder an account, and with hours the hours of the delay, of the last hour, and two windows around.
        assertThat(few.listingsAPoll()).isBetween((long) ACCOUNTS, ACCOUNTS * (hours ? 5L : 1L));
        assertThat(few.progressBytes()).isLessThan(ACCOUNTS * 288 * 16 * 3);
    }

    @Test
    void aMillionObjectsAreHandedOutOnceWithoutWaitingAllAtOnce() throws IOException {
        History history = history(347, false, false);
        FakeReaders readers = new FakeReaders(4);
        FlowLogEnumerator enumerator = enumerator(readers, SourceSettings.bounded(List.of(history.uri())));
        Set<Fingerprint> read = new HashSet<>();
        long mostFoundAhead = 0;
        long mostProgress = 0;
        long checkpoint = 0;

        readers.start(enumerator);
        boolean going = true;
        while (going) {
            going = readers.call();
            long eventTime = readers.eventTimeMillis();
            for (ObjectSplit split = readers.read(enumerator); split != null; split = readers.read(enumerator)) {
                assertThat(eventTime).isLessThan(split.slot() * 1000);
                eventTime = readers.eventTimeMillis();
                assertThat(read.add(Fingerprint.of(split.splitId()))).isTrue();
                going = true;
                if (read.size() % 5_000 == 0) {
                    DiscoveryProgress progress = enumerator.snapshotState(++checkpoint);
                    enumerator.notifyCheckpointComplete(checkpoint);
                    mostProgress = Math.max(mostProgress, new DiscoveryProgressSerializer().serialize(progress).length);
                    mostFoundAhead = Math.max(mostFoundAhead, enumerator.objectsFound() - read.size());
                }
            }
        }
        enumerator.close();

        assertThat(read).hasSize((int) history.objects()).hasSize(999_360);
        assertThat(readers.allDone()).isTrue();
        assertThat(mostFoundAhead).isLessThan(40_000);
        assertThat(mostProgress).isLessThan(200_000);
    }

    @Test
    void aNewAccountAndALateObjectAreFoundOnTheSlowerBeatAndReadOnce() throws IOException {
        History history = history(3, false, true);
        FakeReaders readers = new FakeReaders(2);
        FlowLogEnumerator enumerator = enumerator(readers, continuous(history));
        readers.start(enumerator);
        settle(readers, enumerator);
        Instant late = NOW.minus(Duration.ofHours(30));
        String published = HistoryFileSystem.publish(history, History.account(0), History.region(0), late, "late");
        String opened = HistoryFileSystem.publish(history, History.account(99), History.region(0), NOW, "new");

        Set<String> found = new HashSet<>();
        for (int look = 0; look < 25; look++) {
            clock.moveBy(INTERVAL);
            readers.tick();
            for (ObjectSplit split : settle(readers, enumerator)) {
                assertThat(found.add(split.object().uri())).isTrue();
            }
        }
        enumerator.close();

        assertThat(readers.metrics().get("objectsFoundLate")).isEqualTo(1);
        assertThat(found).hasSize(2).anyMatch(uri -> uri.endsWith(published)).anyMatch(uri -> uri.endsWith(opened));
    }

    @Test
    void fullLooksFarApartReadNothingTwice() throws IOException {
        Duration tenMinutes = Duration.ofMinutes(10);
        History history = history(5, false, false);
        SourceSettings settings = SourceSettings.bounded(List.of(history.uri()))
                .continuously(tenMinutes)
                .withRange(NOW.minus(Duration.ofDays(4)), null);
        FakeReaders readers = new FakeReaders(2);
        FlowLogEnumerator enumerator = enumerator(readers, settings);
        readers.start(enumerator);
        Set<String> read = new HashSet<>();

        for (int look = 0; look < 60; look++) {
            for (ObjectSplit split : settle(readers, enumerator)) {
                assertThat(read.add(split.splitId())).as(split.splitId()).isTrue();
            }
            enumerator.snapshotState(look);
            enumerator.notifyCheckpointComplete(look);
            clock.moveBy(tenMinutes);
            readers.tick();
        }
        int remembered = enumerator.snapshotState(60).taken().size();
        enumerator.close();

        assertThat(read).hasSizeGreaterThan(4 * ACCOUNTS * (History.SLOTS_A_DAY - 1));
        assertThat(remembered).as("slots remembered").isLessThan(3 * History.SLOTS_A_DAY);
    }

    /** What a live job costs that has read up to now; the name of its root, which is in the progress, left aside. */
    private record Cost(long listingsOfFirstLook, long listingsAPoll, long listingsAFullLook, int progressBytes) {}

    private Cost live(History history) throws IOException {
        clock.moveTo(NOW);
        FakeReaders readers = new FakeReaders(2);
        FlowLogEnumerator enumerator =
                enumerator(readers, continuous(history).withRange(NOW.minus(Duration.ofDays(1)), null));
        readers.start(enumerator);
        settle(readers, enumerator);
        long first = listings();
        clock.moveBy(INTERVAL);
        readers.tick();
        long poll = listings();
        clock.moveBy(INTERVAL.multipliedBy(10));
        readers.tick();
        settle(readers, enumerator);
        long full = listings();
        DiscoveryProgress progress = enumerator.snapshotState(1);
        enumerator.close();
        int bytes = new DiscoveryProgressSerializer().serialize(progress).length;
        return new Cost(first, poll, full, bytes - history.uri().length());
    }

    private static long listings() {
        long listings = HistoryFileSystem.listings();
        HistoryFileSystem.reset();
        return listings;
    }

    private static List<ObjectSplit> settle(FakeReaders readers, FlowLogEnumerator enumerator) {
        List<ObjectSplit> read = new java.util.ArrayList<>();
        boolean going = true;
        while (going) {
            going = readers.call();
            for (ObjectSplit split = readers.read(enumerator); split != null; split = readers.read(enumerator)) {
                read.add(split);
                going = true;
            }
        }
        return read;
    }

    private FlowLogEnumerator enumerator(FakeReaders readers, SourceSettings settings) {
        FolderListing listing = new FolderListing(settings.roots(), settings.filter(), settings.continuous(), clock);
        return new FlowLogEnumerator(
                readers, settings, listing, new DiscoveryMetrics(readers.metrics(), clock), clock, null);
    }

    private static SourceSettings continuous(History history) {
        return SourceSettings.bounded(List.of(history.uri())).continuously(INTERVAL);
    }

    private static History history(int days, boolean hive, boolean hours) {
        History history = History.of(ACCOUNTS, 1, days, 1).until(LAST_DAY);
        history = hive ? history.hiveCompatible() : history;
        return hours ? history.withHours() : history;
    }
}
