package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Trait;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that an observing interface has lost. */
class CoverageGapTest {

    private static final int DAY = 86_400;

    @Test
    void anyObservingInterfaceCounts() {
        Flow[] flows = {request().flags(3).on("eni-1"), answer().flags(19).on("eni-2")};

        assertThat(new Batch().losing("eni-2", 120, 130).fold(flows)).allMatch(one -> one.has(Trait.COVERAGE_GAP));
        assertThat(new Batch().losing("eni-3", 0, 60).fold(flows)).noneMatch(one -> one.has(Trait.COVERAGE_GAP));
    }

    @Test
    void aClosedConnectionWaitsForTheLossesOfTheMinuteAfterIt() throws Exception {
        Timeouts hasty = Timeouts.of(Duration.ofSeconds(60), Duration.ofSeconds(1), null, null, null, null, null);
        try (Harness harness = new Harness(hasty, LiveFeed.CLOSE_ONLY)) {
            harness.add(request().flags(3).record());
            harness.add(answer().flags(19).record());
            harness.advanceTo(60 + 60 + 120 - 1);
            assertThat(harness.connections()).isEmpty();
            harness.lose("eni-1", 120, 240);
            harness.advanceTo(60 + 60 + 120);

            assertThat(harness.connections()).hasSize(1).allMatch(one -> one.has(Trait.COVERAGE_GAP));
        }
    }

    @Test
    void aLossThatMightComeLaterCountsNowhereEvenIfItIsHere() {
        Flow[] flows = {request().flags(3), answer().flags(19)};
        long publishedAt = 60 + 120 + 120;

        List<Connection> inTime = new Batch().losing("eni-1", 100, publishedAt).fold(flows);
        List<Connection> later =
                new Batch().losing("eni-1", 100, publishedAt + 1).fold(flows);

        assertThat(inTime).allMatch(one -> one.has(Trait.COVERAGE_GAP));
        assertThat(later).noneMatch(one -> one.has(Trait.COVERAGE_GAP));
    }

    @Test
    void onlyTheLastDayOfAConnectionIsLookedAt() {
        Flow[] flows = new Flow[2 * DAY / 900];
        for (int i = 0; i < flows.length; i++) {
            flows[i] = request().during(900L * i, 900L * i + 60);
        }
        long end = 900L * (flows.length - 1) + 60;

        assertThat(new Batch().losing("eni-1", end - DAY - 10, end - DAY).fold(flows))
                .hasSize(1)
                .allMatch(one -> one.has(Trait.COVERAGE_GAP));
        assertThat(new Batch().losing("eni-1", end - DAY - 10, end - DAY - 1).fold(flows))
                .noneMatch(one -> one.has(Trait.COVERAGE_GAP));
    }
}
