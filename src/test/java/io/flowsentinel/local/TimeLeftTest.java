package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeLeftTest {

    private static final Instant FROM = Instant.parse("2026-01-15T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-01-16T00:00:00Z");
    private static final long SECOND = 1_000_000_000;

    @Test
    void onceAllObjectsAreKnownTheirNumberTells() {
        TimeLeft left = new TimeLeft(0, FROM, TO);

        assertThat(left.of(progress(25, 100, true, FROM), 10 * SECOND)).contains(Duration.ofSeconds(30));
    }

    @Test
    void whileMoreObjectsAreLookedForEventTimeTells() {
        TimeLeft left = new TimeLeft(0, FROM, TO);

        assertThat(left.of(progress(90, 100, false, FROM.plus(Duration.ofHours(6))), 10 * SECOND))
                .contains(Duration.ofSeconds(30));
    }

    @Test
    void whatWasReadBeforeASavepointIsNoProgressOfTheReplay() {
        TimeLeft left = new TimeLeft(0, null, TO);
        left.of(progress(1000, 1000, false, TO.minus(Duration.ofHours(2))), SECOND);

        assertThat(left.of(progress(1010, 1040, true, TO.minus(Duration.ofHours(1))), 10 * SECOND))
                .contains(Duration.ofSeconds(30));
        assertThat(left.of(progress(1010, 1011, false, TO.minus(Duration.ofHours(1))), 10 * SECOND))
                .contains(Duration.ofSeconds(10));
    }

    @Test
    void atTheBeginningNobodyKnows() {
        TimeLeft left = new TimeLeft(0, FROM, TO);

        assertThat(left.of(progress(0, 0, false, Instant.EPOCH), 10 * SECOND)).isEmpty();
        assertThat(left.of(progress(1, 1000, true, FROM), 10 * SECOND)).isEmpty();
        assertThat(left.of(progress(500, 1000, true, FROM), SECOND)).isEmpty();
    }

    @Test
    void theLineOfProgressEndsWithIt() {
        ProgressText text = new ProgressText(0, false, java.util.Optional.of(new TimeLeft(0, FROM, TO)));

        assertThat(text.of(progress(25, 100, true, FROM), 60 * SECOND, TO))
                .endsWith("event time 2026-01-15T00:00Z  left 3 min");
    }

    private static Progress progress(long finished, long found, boolean allFound, Instant eventTime) {
        return new Progress(finished, found, allFound, 0, eventTime.getEpochSecond());
    }
}
