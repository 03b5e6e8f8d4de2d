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
        assertThat(BOUNDED.withRange(null, LATER).goesOnFrom(LIVE.rangeId())).isTrue();
        assertThat(LIVE.goesOnFrom(LIVE.withRange(EARLY, LATER).rangeId())).isTrue();
        assertThat(LIVE.withRange(LATER, null)
                        .goesOnFrom(LIVE.withRange(EARLY, null).rangeId()))
                .isTrue();
    }

    @Test
    void aBoundedReadingToOneEndLeftOutRecordsThatAnotherEndWants() {
        SourceSettings toEarly = BOUNDED.withRange(null, EARLY);

        assertThat(toEarly.goesOnFrom(toEarly.rangeId())).isTrue();
        assertThat(BOUNDED.withRange(null, LATER).goesOnFrom(toEarly.rangeId())).isFalse();
        assertThat(LIVE.goesOnFrom(toEarly.rangeId())).isFalse();
    }

    @Test
    void otherPlacesAndFiltersAreAnotherReading() {
        assertThat(SourceSettings.bounded(List.of("s3://logs/other")).goesOnFrom(BOUNDED.rangeId()))
                .isFalse();
        ObjectFilter one = ObjectFilter.of(List.of("123456789012"), List.of(), List.of());
        assertThat(BOUNDED.withFilter(one).goesOnFrom(BOUNDED.rangeId())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"s3://logs/a, s3://logs/a/", "/logs/a, file:///logs/a/", "file:/logs/a, file:///logs/a"})
    void aPlaceIsTheSameHoweverItIsWritten(String one, String other) {
        assertThat(SourceSettings.bounded(List.of(one)).rangeId())
                .isEqualTo(SourceSettings.bounded(List.of(other)).rangeId());
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
}
