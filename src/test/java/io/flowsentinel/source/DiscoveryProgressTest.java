package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.SlotRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DiscoveryProgressTest {

    private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");
    private static final Instant CLOSED = Instant.parse("2024-03-10T00:00:00Z");
    private static final SourceSettings BOUNDED =
            SourceSettings.bounded(List.of("s3://logs")).withRange(FROM, null);
    private static final SourceSettings CONTINUOUS = BOUNDED.continuously(Duration.ofSeconds(30));

    @Test
    void atTheStartTheWholeRangeIsLookedFor() {
        DiscoveryProgress none = DiscoveryProgress.none("range");

        assertThat(none.firstLook(BOUNDED)).isEqualTo(SlotRange.between(FROM, null));
        assertThat(none.firstLook(CONTINUOUS)).isEqualTo(SlotRange.between(FROM, null));
    }

    @Test
    void afterARestoreOnlyWhatCanStillChangeIsLookedFor() {
        DiscoveryProgress closed = closedUpTo(CLOSED);

        assertThat(closed.firstLook(BOUNDED)).isEqualTo(SlotRange.between(CLOSED, null));
        assertThat(closed.firstLook(CONTINUOUS)).isEqualTo(SlotRange.between(CLOSED.minus(Duration.ofDays(2)), null));
    }

    private static DiscoveryProgress closedUpTo(Instant slot) {
        return new DiscoveryProgress(
                "range",
                slot.getEpochSecond(),
                Long.MIN_VALUE,
                false,
                0,
                Long.MIN_VALUE,
                Map.of(),
                0,
                Set.of(),
                0,
                0,
                List.of());
    }
}
