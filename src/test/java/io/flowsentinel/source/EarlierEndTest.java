package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.FolderListing;
import io.flowsentinel.source.discovery.Slots;
import io.flowsentinel.testing.LogTree;
import io.flowsentinel.testing.MovingClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay goes on from a live job that had found more than is to be read: what was found behind the end is no part of it. */
final class EarlierEndTest {

    private static final Instant START = Instant.parse("2026-01-15T09:00:00Z");

    private final MovingClock clock = new MovingClock(START.plus(Duration.ofHours(2)));
    private final FakeReaders readers = new FakeReaders(1);

    @Test
    void eventTimeEndsWithTheLastSlotOfTheRange(@TempDir Path folder) {
        String root = new LogTree(folder)
                .object(slot(2), "read", "text")
                .object(slot(9), "behind", "text")
                .uri();
        SourceSettings replay = SourceSettings.bounded(List.of(root)).withRange(null, slot(4));
        FlowLogEnumerator enumerator = goingOn(replay, root);

        readers.start(enumerator);
        readers.call();
        ObjectSplit read = readers.read(enumerator);

        assertThat(read.slot()).isEqualTo(slot(2).getEpochSecond());
        assertThat(readers.read(enumerator)).isNull();
        assertThat(readers.allDone()).isTrue();
        assertThat(readers.eventTimeMillis()).isEqualTo(slot(4).toEpochMilli());
    }

    /** From a live job that has read slot 1 and found objects up to slot 9. */
    private FlowLogEnumerator goingOn(SourceSettings settings, String root) {
        List<String> places = List.of(Roots.place(root));
        DiscoveryProgress live = new DiscoveryProgress(
                SourceSettings.bounded(List.of(root))
                        .continuously(Duration.ofSeconds(30))
                        .rangeId(places),
                slot(1).getEpochSecond(),
                slot(9).getEpochSecond(),
                false,
                1,
                Long.MIN_VALUE,
                Map.of(slot(1).getEpochSecond(), Set.of(Fingerprint.of("read before"))),
                0,
                Set.of(),
                0,
                0,
                List.of(),
                Map.of(places.get(0), Long.MIN_VALUE));
        FolderListing listing = new FolderListing(settings.roots(), settings.filter(), false, clock);
        return new FlowLogEnumerator(
                readers, settings, listing, new DiscoveryMetrics(readers.metrics(), clock), clock, live);
    }

    private static Instant slot(int number) {
        return START.plusSeconds(number * Slots.LENGTH);
    }
}
