package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.reference.BatchLifecycle;
import io.flowsentinel.reference.FieldDifferences;
import io.flowsentinel.testing.ConnectionInvariants;
import io.flowsentinel.testing.ConnectionRow;
import io.flowsentinel.traffic.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hours of traffic through the operator, held against the specification worked out as a batch, field by field. */
class DifferentialTest {

    /** Give an hour of some 22,000 connections. */
    private static final int TUPLES = 8_000;

    /** Raised by the profile {@code nightly}. */
    private static final int HOURS = Integer.getInteger("differential.hours", 1);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, HOURS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyFieldOfEveryConnectionOfAnHourIsTheSpecifications(long seed) throws Exception {
        int connections = compare(Traffic.hour(seed, TUPLES, Duration.ofSeconds(60)), Duration.ofSeconds(60));

        assertThat(connections).isGreaterThan(20_000);
    }

    @Test
    void flowLogsOfTenMinutesAreFoldedWithTimeoutsOfTheirOwn() throws Exception {
        int connections = compare(Traffic.hour(1, 1_000, Duration.ofSeconds(600)), Duration.ofSeconds(600));

        assertThat(connections).isGreaterThan(1_000);
    }

    /** How many connections there were. */
    private static int compare(Traffic traffic, Duration aggregationInterval) throws Exception {
        BatchLifecycle.Published expected = new BatchLifecycle(aggregationInterval, address -> false)
                .publish(traffic.records(), traffic.coverage(), traffic.readTo());
        try (Harness harness = new Harness(Timeouts.defaults(aggregationInterval), LiveFeed.CLOSE_ONLY, 2)) {
            deliver(traffic, harness);
            List<ConnectionRow> rows =
                    harness.connections().stream().map(ConnectionRow::of).toList();
            List<JsonNode> published = rows.stream().map(ConnectionRow::json).toList();

            assertThat(FieldDifferences.between(expected.connections(), published))
                    .isEmpty();
            assertThat(harness.accounts().get(Accounts.RECORDS_DUPLICATE)).isEqualTo(expected.duplicates());
            ConnectionInvariants.of(rows)
                    .hold()
                    .accountFor(traffic.records().size(), expected.duplicates(), 0)
                    .areAsManyAs(harness.accounts().get(Accounts.CONNECTIONS));
            assertThat(harness.timers()).isZero();
            assertThat(harness.stateEntries()).isZero();
            return rows.size();
        }
    }

    /** Slot by slot, with the watermark behind. */
    private static void deliver(Traffic traffic, Harness harness) throws Exception {
        List<FlowRecord> records = new ArrayList<>(traffic.records());
        records.sort(Comparator.comparingLong(DifferentialTest::slot));
        for (CoverageRecord lost : traffic.coverage()) {
            harness.lose(lost);
        }
        long reached = slot(records.get(0));
        for (FlowRecord flow : records) {
            if (slot(flow) > reached) {
                reached = slot(flow);
                harness.advanceTo(reached - 1 - Flow.NOON);
            }
            harness.add(flow);
        }
        harness.advanceTo(traffic.readTo() - Flow.NOON);
        harness.end();
    }

    private static long slot(FlowRecord flow) {
        return Math.floorDiv(flow.end(), Traffic.SLOT_SECONDS) * Traffic.SLOT_SECONDS;
    }
}
