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
import java.util.List;
import javax.annotation.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Readers that fall back to a checkpoint find event time where it was there, also where they bring back an object whose
 * name tells no slot.
 */
final class FallingBackTest {

    private static final Instant NOW = Instant.parse("2025-12-30T23:30:00Z");
    private static final Duration UNTIL_ALL_IS_LOOKED_AT = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private final MovingClock clock = new MovingClock(NOW);
    private final History history = History.of(1, 1, 1, 1).until(LocalDate.of(2025, 12, 30));
    private final FakeReaders readers = new FakeReaders(1);

    @BeforeEach
    void forget() {
        HistoryFileSystem.reset();
    }

    /** @param inTheCheckpoint whether a reader had the object in the checkpoint, or was given it since */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anObjectWithoutASlotThatCameAfterMuchWasClosedLeavesThatClosed(boolean inTheCheckpoint) throws IOException {
        Path single = folder.resolve("any.log");
        SourceSettings settings = SourceSettings.bounded(List.of(history.uri(), single.toString()))
                .continuously(Duration.ofSeconds(30))
                .withRange(NOW.minus(Duration.ofDays(1)), null);
        FlowLogEnumerator enumerator = enumerator(readers, settings, null);
        readers.start(enumerator);
        readAll(enumerator);
        enumerator.snapshotState(1);
        enumerator.notifyCheckpointComplete(1);
        long atTheCheckpoint = readers.eventTimeMillis();
        Files.writeString(single, "text");
        clock.moveBy(UNTIL_ALL_IS_LOOKED_AT);
        readers.tick();
        if (inTheCheckpoint) {
            enumerator.snapshotState(2);
            enumerator.notifyCheckpointComplete(2);
        }
        ObjectSplit read = readers.read(enumerator);
        long onceItWasRead = readers.eventTimeMillis();

        List<ObjectSplit> out = List.of(read);
        readers.fallBack(enumerator, inTheCheckpoint ? List.of() : out, inTheCheckpoint ? out : List.of());

        assertThat(readers.eventTimeMillis()).isEqualTo(atTheCheckpoint).isLessThan(onceItWasRead);
        assertThat(readers.read(enumerator)).isEqualTo(read);
        assertThat(readers.eventTimeMillis()).isEqualTo(onceItWasRead);
        enumerator.close();
    }

    @Test
    void anObjectWithoutASlotThatWasAddedAtARestartLeavesEventTimeWhereItWasAtTheNext() throws IOException {
        FlowLogEnumerator first = enumerator(readers, SourceSettings.bounded(List.of(history.uri())), null);
        readers.start(first);
        readers.call();
        for (int object = 0; object < 100; object++) {
            readers.read(first);
        }
        DiscoveryProgress before = first.snapshotState(1);
        first.close();
        String single = Files.writeString(folder.resolve("any.log"), "text").toString();
        SourceSettings both = SourceSettings.bounded(List.of(history.uri(), single));
        FakeReaders others = new FakeReaders(1);
        FlowLogEnumerator second = enumerator(others, both, before);
        others.start(second);
        others.call();
        long whileItIsRead = others.eventTimeMillis();
        DiscoveryProgress inTheMiddle = second.snapshotState(1);
        ObjectSplit inHand = others.read(second);
        second.close();

        FakeReaders restored = new FakeReaders(1);
        FlowLogEnumerator third = enumerator(restored, both, inTheMiddle);
        restored.start(third, List.of(inHand));

        assertThat(inHand.object().uri()).endsWith("any.log");
        assertThat(restored.eventTimeMillis()).isEqualTo(whileItIsRead).isPositive();
        third.close();
    }

    private void readAll(FlowLogEnumerator enumerator) {
        while (readers.call() || readers.read(enumerator) != null) {}
    }

    private FlowLogEnumerator enumerator(
            FakeReaders of, SourceSettings settings, @Nullable DiscoveryProgress restored) {
        FolderListing listing = new FolderListing(settings.roots(), settings.filter(), settings.continuous(), clock);
        return new FlowLogEnumerator(of, settings, listing, new DiscoveryMetrics(of.metrics(), clock), clock, restored);
    }
}
