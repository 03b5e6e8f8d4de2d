package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.Test;

final class DiscoveryLoopTest {

    private static final Instant NOW = Instant.parse("2024-05-25T12:00:00Z");
    private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");
    private static final SourceSettings BOUNDED =
            SourceSettings.bounded(List.of("s3://logs")).withRange(FROM, null);
    private static final SourceSettings CONTINUOUS = BOUNDED.continuously(Duration.ofSeconds(30));

    private final List<SlotRange> asked = new ArrayList<>();

    @Test
    void theFirstLookCoversTheRangeAndLaterOnesWhatCanStillChange() throws IOException {
        DiscoveryLoop loop = loop(CONTINUOUS, DiscoveryProgress.none("range"));

        loop.look();
        loop.look();

        assertThat(asked)
                .containsExactly(SlotRange.between(FROM, null), SlotRange.between(NOW.minus(Duration.ofDays(2)), null));
    }

    @Test
    void afterARestoreTheFirstLookBeginsWhereThingsCanStillChange() throws IOException {
        Instant closed = Instant.parse("2024-03-10T00:00:00Z");

        loop(CONTINUOUS, closedUpTo(closed)).look();
        loop(BOUNDED, closedUpTo(closed)).look();

        assertThat(asked)
                .containsExactly(
                        SlotRange.between(closed.minus(Duration.ofDays(2)), null), SlotRange.between(closed, null));
    }

    @Test
    void someFailedLooksInARowAreBorneButNotMore() {
        DiscoveryLoop loop = loop(CONTINUOUS, DiscoveryProgress.none("range"));
        IOException failure = new IOException("cannot list s3://logs");
        for (int i = 0; i < 4; i++) {
            loop.failed(failure);
        }
        loop.succeeded();
        for (int i = 0; i < 4; i++) {
            loop.failed(failure);
        }

        assertThatThrownBy(() -> loop.failed(failure))
                .isInstanceOf(FlinkRuntimeException.class)
                .hasMessage("cannot list s3://logs");
    }

    @Test
    void aBoundedReadingHasOneLook() {
        DiscoveryLoop loop = loop(BOUNDED, DiscoveryProgress.none("range"));

        assertThatThrownBy(() -> loop.failed(new IOException("cannot list s3://logs")))
                .hasMessage("cannot list s3://logs");
    }

    private DiscoveryLoop loop(SourceSettings settings, DiscoveryProgress progress) {
        ObjectDiscovery discovery = range -> {
            asked.add(range);
            return new Discovered(List.of(), List.of(), 1, NOW);
        };
        return new DiscoveryLoop(discovery, settings, progress, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static DiscoveryProgress closedUpTo(Instant slot) {
        return new DiscoveryProgress(
                "range", slot.getEpochSecond(), Long.MIN_VALUE, false, 0, 0, Map.of(), Set.of(), List.of());
    }
}
