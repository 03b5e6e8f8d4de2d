package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Connection;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hours of traffic through the operator, held against the specification worked out as a batch, field by field. */
class DifferentialTest {

    /** Give an hour of some 22,000 connections. */
    private static final int TUPLES = 8_000;

    /** What must be met with as well as not, if the comparison is to say anything of it. */
    private static final List<String> FACTS = List.of(
            "flags",
            "missed_close",
            "crossed_syn",
            "syn_records",
            "midstream",
            "one_sided",
            "coverage_gap",
            "multi_connection_suspected",
            "simultaneous_open",
            "unsolicited_synack",
            "key_quality",
            "reject_reason",
            "continuation_of");

    /** Raised by the profile {@code nightly}. */
    private static final int HOURS = Integer.getInteger("differential.hours", 1);

    static LongStream seeds() {
        return LongStream.rangeClosed(1, HOURS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyFieldOfEveryConnectionOfAnHourIsTheSpecifications(long seed) throws Exception {
        List<JsonNode> rows = compare(Traffic.hour(seed, TUPLES, Duration.ofSeconds(60)), Duration.ofSeconds(60));

        assertThat(rows.size()).isGreaterThan(20_000);
        assertThat(values(rows, "/unmapped/verdict")).hasSize(Connection.Verdict.values().length);
        assertThat(values(rows, "/unmapped/end_reason")).hasSize(Connection.EndReason.values().length);
        assertThat(values(rows, "/unmapped/direction_evidence")).hasSize(Connection.DirectionEvidence.values().length);
        assertThat(values(rows, "/status_code")).hasSize(Connection.ConnState.values().length);
        assertThat(FACTS).allSatisfy(fact -> assertThat(values(rows, "/unmapped/" + fact))
                .hasSizeGreaterThan(1));
    }

    @Test
    void flowLogsOfTenMinutesAreFoldedWithTimeoutsOfTheirOwn() throws Exception {
        List<JsonNode> rows = compare(Traffic.hour(1, 1_000, Duration.ofSeconds(600)), Duration.ofSeconds(600));

        assertThat(rows.size()).isGreaterThan(1_000);
    }

    private static Set<String> values(List<JsonNode> rows, String pointer) {
        return rows.stream().map(row -> row.at(pointer).asText()).collect(Collectors.toSet());
    }

    /** The rows of which no field differs. */
    private static List<JsonNode> compare(Traffic traffic, Duration aggregationInterval) throws Exception {
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
            return published;
        }
    }

    /** Slot by slot, with the watermark behind. */
    private static void deliver(Traffic traffic, Harness harness) throws Exception {
        List<FlowRecord> records = new ArrayList<>(traffic.records());
        records.sort(Comparator.comparingLong(DifferentialTest::slot));
        for (CoverageRecord coverage : traffic.coverage()) {
            if (coverage.status() == CoverageRecord.Status.SKIPDATA) {
                harness.cover(coverage);
            }
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
