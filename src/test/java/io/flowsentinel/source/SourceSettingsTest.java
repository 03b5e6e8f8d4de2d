package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.ObjectFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which stored progress a reading goes on from. */
final class SourceSettingsTest {

    private static final Instant EARLY = Instant.parse("2024-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2024-01-02T00:00:00Z");
    private static final SourceSettings BOUNDED = SourceSettings.bounded(List.of("s3://logs/central"));
    private static final SourceSettings LIVE = BOUNDED.continuously(Duration.ofSeconds(30));

    @Test
    void aReplayGoesOnFromTheLiveJobAndTheLiveJobFromHistory() {
        assertThat(BOUNDED.withRange(null, LATER).goesOnFrom(stored(LIVE))).isTrue();
        assertThat(LIVE.goesOnFrom(stored(LIVE.withRange(EARLY, LATER)))).isTrue();
        assertThat(LIVE.withRange(LATER, null).goesOnFrom(stored(LIVE.withRange(EARLY, null))))
                .isTrue();
    }

    @Test
    void aBoundedReadingToOneEndLeftOutRecordsThatAnotherEndWants() {
        SourceSettings toEarly = BOUNDED.withRange(null, EARLY);

        assertThat(toEarly.goesOnFrom(stored(toEarly))).isTrue();
        assertThat(BOUNDED.withRange(null, LATER).goesOnFrom(stored(toEarly))).isFalse();
        assertThat(LIVE.goesOnFrom(stored(toEarly))).isFalse();
    }

    @Test
    void otherRootsGoOnToo() {
        SourceSettings more = SourceSettings.bounded(List.of("s3://logs/central", "s3://logs/other"));

        assertThat(more.goesOnFrom(stored(BOUNDED))).isTrue();
        assertThat(more.withRange(null, LATER).goesOnFrom(stored(BOUNDED.withRange(null, EARLY))))
                .isFalse();
    }

    @Test
    void anotherFilterIsAnotherReading() {
        ObjectFilter one = ObjectFilter.of(List.of("123456789012"), List.of(), List.of());
        assertThat(BOUNDED.withFilter(one).goesOnFrom(stored(BOUNDED))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-01-01T12:00:00Z, 2024-01-01T11:55:00Z",
        "2024-01-01T12:00:01Z, 2024-01-01T12:00:00Z",
        "2024-01-01T12:04:59Z, 2024-01-01T12:00:00Z"
    })
    void theLastSlotBeginsBeforeTheEndOfTheRange(Instant to, Instant slot) {
        assertThat(BOUNDED.withRange(null, to).lastSlot()).isEqualTo(slot.getEpochSecond());
        assertThat(BOUNDED.lastSlot()).isEqualTo(Long.MAX_VALUE);
    }

    private static DiscoveryProgress stored(SourceSettings settings) {
        Roots roots = Roots.of(settings.roots(), DiscoveryProgress.none(settings));
        SlotTracker tracker = new SlotTracker(4, roots, DiscoveryProgress.none(settings));
        StrayBook strays = new StrayBook(DiscoveryProgress.none(settings));
        return tracker.progress(settings.rangeId(roots.begins().keySet()), false, strays, 0, 0);
    }
}
