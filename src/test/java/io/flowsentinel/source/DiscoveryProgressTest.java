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
        DiscoveryProgress none = DiscoveryProgress.none(BOUNDED);

        assertThat(none.firstLook(BOUNDED)).isEqualTo(SlotRange.between(FROM, null));
        assertThat(none.firstLook(CONTINUOUS)).isEqualTo(SlotRange.between(FROM, null));
    }

    @Test
    void afterARestoreOnlyWhatCanStillChangeIsLookedFor() {
        DiscoveryProgress closed = closedUpTo(CLOSED, CLOSED.minus(Duration.ofDays(5)));

        assertThat(closed.firstLook(CONTINUOUS)).isEqualTo(SlotRange.between(CLOSED.minus(Duration.ofDays(2)), null));
    }

    @Test
    void aBoundedReadingDoesNotLookForObjectsThatItHasForgotten() {
        DiscoveryProgress closed = closedUpTo(CLOSED, CLOSED.plusSeconds(1));

        assertThat(closed.firstLook(BOUNDED)).isEqualTo(SlotRange.between(CLOSED, null));
    }

    @Test
    void aBoundedReadingThatGoesOnFromAContinuousOneLooksForObjectsPublishedLate() {
        Instant remembered = CLOSED.minus(Duration.ofHours(3));

        assertThat(closedUpTo(CLOSED, remembered).firstLook(BOUNDED)).isEqualTo(SlotRange.between(remembered, null));
    }

    @Test
    void whatLiesBeforeTheFirstRangeIsNeverNew() {
        assertThat(DiscoveryProgress.none(BOUNDED).takenFrom()).isEqualTo(FROM.getEpochSecond());
    }

    private static DiscoveryProgress closedUpTo(Instant slot, Instant takenFrom) {
        return new DiscoveryProgress(
                "range",
                slot.getEpochSecond(),
                Long.MIN_VALUE,
                false,
                0,
                takenFrom.getEpochSecond(),
                Map.of(),
                0,
                Set.of(),
                0,
                0,
                List.of(),
                Map.of());
    }
}
