package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressTextTest {

    private static final Instant REACHED = Instant.parse("2026-01-15T09:55:00Z");
    private static final Progress PROGRESS = new Progress(3, 18, true, 12_000, REACHED.getEpochSecond());
    private static final long TWO_SECONDS = 2_000_000_000;

    @Test
    void aLiveJobSaysHowFarItIsBehind() {
        ProgressText text = new ProgressText(0, true);

        assertThat(text.of(PROGRESS, TWO_SECONDS, REACHED.plusSeconds(600)))
                .isEqualTo("objects 3 / 18  records 12,000  6,000 records/s  event time 2026-01-15T09:55Z"
                        + "  lag 10 min");
    }

    @Test
    void aJobOverHistoryHasNoLagWorthSaying() {
        ProgressText text = new ProgressText(0, false);

        assertThat(text.of(PROGRESS, TWO_SECONDS, REACHED.plusSeconds(600))).endsWith("event time 2026-01-15T09:55Z");
    }

    @Test
    void whileMoreObjectsAreLookedForTheirNumberIsALowerBound() {
        ProgressText text = new ProgressText(0, false);
        Progress looking = new Progress(3, 20_000, false, 12_000, REACHED.getEpochSecond());

        assertThat(text.of(looking, TWO_SECONDS, REACHED)).startsWith("objects 3 / 20,000+  records");
    }
}
