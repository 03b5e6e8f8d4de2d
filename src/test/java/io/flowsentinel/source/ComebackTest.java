package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ComebackTest {

    private static final long TEN = Instant.parse("2026-01-15T10:00:00Z").getEpochSecond();

    @Test
    void aJobThatBeginsIsNoNews() {
        Comeback comeback = new Comeback(false);

        assertThat(comeback.complete(Long.MIN_VALUE)).isEmpty();
        assertThat(comeback.complete(TEN)).isEmpty();
    }

    @Test
    void lostReadersAreToldOfOnceWhenAllAreBack() {
        Comeback comeback = new Comeback(false);
        comeback.complete(TEN);
        comeback.checkpointed(Instant.parse("2026-01-15T12:30:07.123Z"));

        comeback.lost();
        comeback.returned(2);
        comeback.lost();
        comeback.returned(1);

        assertThat(comeback.complete(TEN)).hasValueSatisfying(line -> assertThat(line)
                .contains(
                        "back, after a failure",
                        "completed at 2026-01-15T12:30:07Z",
                        "slots up to 2026-01-15T10:00:00Z were read",
                        "3 objects")
                .doesNotContain("\n"));
        assertThat(comeback.complete(TEN)).isEmpty();
    }

    @Test
    void theNextLossCountsAnew() {
        Comeback comeback = new Comeback(false);
        comeback.lost();
        comeback.returned(5);
        comeback.complete(TEN);

        comeback.lost();
        comeback.returned(1);

        assertThat(comeback.complete(TEN))
                .hasValueSatisfying(line -> assertThat(line).contains("1 objects"));
    }

    @Test
    void aCoordinatorThatIsRestoredSaysFromWhere() {
        Comeback comeback = new Comeback(true);
        comeback.returned(1);

        assertThat(comeback.complete(Long.MIN_VALUE)).hasValueSatisfying(line -> assertThat(line)
                .contains(
                        "was running before",
                        "its last checkpoint or savepoint",
                        "no slot was read to its end",
                        "1 objects"));
        assertThat(comeback.complete(TEN)).isEmpty();
    }
}
