package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.ip;
import static io.flowsentinel.detect.judging.Connections.observer;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Pane;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.CoverageRecord.Status;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.RecordRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Interfaces write every five minutes here. */
class SilentInterfaceTest {

    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;
    private static final int EVERY = 5 * MINUTE;
    private static final String LOG = "fl-1";

    private final List<CoverageRecord> lines = new ArrayList<>();

    @Test
    void anInterfaceThatFallsSilentWhileOthersWriteIsAFinding() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-b", 0, 2 * DAY);

        List<Alert> alerts = run(DAY + 40 * MINUTE);

        assertThat(alerts).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("silent-interface");
            assertThat(alert.activity()).isEqualTo(Activity.CREATE);
            assertThat(alert.severity()).isEqualTo(Severity.LOW);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("interface", "eni-a"));
            assertThat(alert.title()).isEqualTo("Silent interface: eni-a wrote nothing for 30 minutes");
            assertThat(alert.numbers()).containsEntry("silent_minutes", 30L);
            assertThat(alert.firstSeenMillis()).isEqualTo((T0 + DAY) * 1_000L);
            assertThat(alert.timeMillis()).isEqualTo((T0 + DAY + 31 * MINUTE) * 1_000L);
        });
    }

    @Test
    void aMinuteLessIsNotSilence() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-a", DAY + 30 * MINUTE, 2 * DAY);
        writes(LOG, "eni-b", 0, 2 * DAY);

        assertThat(run(2 * DAY)).isEmpty();
    }

    @Test
    void anInterfaceKnownForLessThanADayIsNotMissed() {
        writes(LOG, "eni-a", EVERY, DAY + EVERY);
        writes(LOG, "eni-b", 0, 2 * DAY);

        assertThat(run(2 * DAY)).isEmpty();
    }

    @Test
    void whenAllAreSilentItIsTheFlowLog() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-b", 4 * MINUTE, DAY + EVERY);

        List<Alert> alerts = run(DAY + 2 * HOUR);

        assertThat(alerts).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isNull();
            assertThat(alert.entity()).containsExactly(new EntityField("flow_log", LOG));
            assertThat(alert.title()).isEqualTo("Silent flow log: no interface of fl-1 wrote for 30 minutes");
            assertThat(alert.timeMillis()).isEqualTo((T0 + DAY + 35 * MINUTE) * 1_000L);
        });
    }

    @Test
    void anInterfaceThatWritesInAnotherFlowLogIsNotSilent() {
        writes("fl-2", "eni-a", 0, DAY + EVERY);
        writes("fl-2", "eni-b", 0, 2 * DAY);
        writes(LOG, "eni-a", 0, 2 * DAY);

        assertThat(run(2 * DAY)).isEmpty();
    }

    @Test
    void anInterfaceSilentInTwoFlowLogsIsOneFinding() {
        for (String log : List.of(LOG, "fl-2")) {
            writes(log, "eni-a", 0, DAY + EVERY);
            writes(log, "eni-b", 0, 2 * DAY);
        }

        assertThat(run(DAY + 40 * MINUTE)).hasSize(1);
    }

    @Test
    void ownersOfFlowLogsAreToldApart() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        lines.add(line("s3://logs/210987654321_vpcflowlogs_eu-west-1_fl-1_x_y.log.gz", "eni-b", DAY + HOUR));

        assertThat(run(DAY + 2 * HOUR))
                .extracting(Alert::entity)
                .containsExactly(List.of(new EntityField("flow_log", LOG)));
    }

    @Test
    void itIsSaidOnceUntilItWritesAgain() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-a", DAY + 5 * HOUR + EVERY, DAY + 8 * HOUR);
        writes(LOG, "eni-b", 0, 2 * DAY);

        List<Alert> alerts = run(DAY + 9 * HOUR);

        assertThat(alerts)
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.UPDATE, Activity.CLOSE, Activity.CREATE);
        assertThat(alerts.get(1).title()).isEqualTo("Silent interface: eni-a wrote nothing for 300 minutes");
        assertThat(alerts.get(2).timeMillis()).isEqualTo((T0 + DAY + 6 * HOUR + EVERY) * 1_000L);
        assertThat(alerts.get(3).findingId()).isNotEqualTo(alerts.get(0).findingId());
    }

    @Test
    void anInterfaceThatNeverWritesAgainIsForgotten() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-b", 0, 10 * DAY);

        List<Alert> alerts = run(10 * DAY);

        assertThat(alerts).first().satisfies(alert -> assertThat(alert.activity())
                .isEqualTo(Activity.CREATE));
        assertThat(alerts).last().satisfies(alert -> {
            assertThat(alert.activity()).isEqualTo(Activity.CLOSE);
            assertThat(alert.timeMillis()).isEqualTo((T0 + 2 * DAY + 30 * MINUTE + HOUR) * 1_000L);
        });
        assertThat(alerts)
                .filteredOn(alert -> alert.activity() == Activity.CREATE)
                .hasSize(1);
    }

    @Test
    void nothingIsKeptOfWhatHasBeenSilentForAWeek() {
        writes(LOG, "eni-a", 0, 2 * HOUR);
        Detection detection = Detection.of(SilentInterface.FAMILY);
        lines.forEach(detection::see);

        assertThat(detection.until(6 * DAY).keysKept()).isEqualTo(32);
        assertThat(detection.until(8 * DAY).keysKept()).isZero();
        assertThat(detection.all()).isEmpty();
    }

    @Test
    void theEndOfTheInputIsNotSilence() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-b", 0, DAY + 28 * MINUTE);
        Detection detection = Detection.of(SilentInterface.FAMILY);
        lines.forEach(detection::see);

        assertThat(detection.until(DAY + 20 * MINUTE).finish().all()).isEmpty();
    }

    @Test
    void atTheEndOfTheInputTheLastSlotIsJudged() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-b", 0, DAY + 31 * MINUTE);
        Detection detection = Detection.of(SilentInterface.FAMILY);
        lines.forEach(detection::see);

        assertThat(detection.until(DAY + 20 * MINUTE).finish().all()).hasSize(1);
    }

    @Test
    void whoeverHasRecordsWrites() {
        Detection detection = Detection.of(SilentInterface.FAMILY);
        for (int start = 0; start <= DAY; start += EVERY) {
            detection.see(folded("eni-a", start));
        }
        writes(LOG, "eni-b", 0, 2 * DAY);
        lines.forEach(detection::see);

        assertThat(detection.until(DAY + 40 * MINUTE).alerts())
                .extracting(Alert::entity)
                .containsExactly(List.of(new EntityField("interface", "eni-a")));
    }

    /** Lines about there being nothing to write are told pane by pane, what was written as seldom as can be. */
    @Test
    void recordsAreHeardOfSeldomAndJudgedAsIfEachWere() {
        Random random = new Random(1);
        for (int minute = 0; minute < 40 * 60; minute++) {
            for (int id = 0; id < 20; id++) {
                boolean gone = minute > 25 * 60 + 7 * id && minute < 25 * 60 + (7 + random.nextInt(4)) * id + 20;
                if (!gone && random.nextInt(20) < 1 + id) {
                    lines.add(line(object(LOG), "eni-" + id, (long) minute * MINUTE));
                }
            }
        }
        List<Alert> expected = inSteps(EVERY, false);
        assertThat(expected).hasSizeGreaterThan(20);

        for (int step : new int[] {MINUTE, EVERY, 20 * MINUTE, 50 * MINUTE, 3 * HOUR}) {
            assertThat(inSteps(step, true)).as("in steps of %d s", step).isEqualTo(expected);
        }
    }

    /** What a step of event time decides comes before it, in no order, as records or as lines about there being none. */
    private List<Alert> inSteps(int step, boolean records) {
        Detection detection = Detection.of(SilentInterface.FAMILY);
        Random random = new Random(step);
        int next = 0;
        for (long time = step; time < 2 * DAY; time += step) {
            List<CoverageRecord> arriving = new ArrayList<>();
            for (; next < lines.size() && lines.get(next).start() < T0 + time; next++) {
                arriving.add(lines.get(next));
            }
            Collections.shuffle(arriving, random);
            for (CoverageRecord line : arriving) {
                if (records) {
                    detection.see(folded(line.observer().interfaceId(), line.start() - T0));
                } else {
                    detection.see(line);
                }
            }
            detection.until(time);
        }
        return detection.until(2 * DAY).all();
    }

    @Test
    void objectsWithoutAFlowLogInTheirNamesAndInterfacesWithoutANameTellNothing() {
        writes(LOG, "-", 0, DAY);
        for (int start = 0; start < DAY; start += EVERY) {
            lines.add(line("file:/tmp/a_b_c_d_e_f.log", "eni-a", start));
        }
        Detection detection = Detection.of(SilentInterface.FAMILY);
        lines.forEach(detection::see);

        assertThat(detection.until(DAY).keysKept()).isZero();
    }

    @Test
    void panesOfTenMinutesDoAsWell() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-b", 0, 2 * DAY);
        Detection detection = Detection.of(SilentInterface.FAMILY, Duration.ofMinutes(10));
        lines.forEach(detection::see);

        assertThat(detection.until(DAY + 2 * HOUR).alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.timeMillis()).isEqualTo((T0 + DAY + 40 * MINUTE) * 1_000L));
    }

    @Test
    void oneOfManyMoreThanAPaneTellsApartIsStillMissed() {
        Detection detection =
                Detection.of(SilentInterface.FAMILY, "rules: {silent-interface: {thresholds: {known_hours: 1}}}");
        int many = 3 * Pane.MAX_CELLS;
        for (long at = 0; at <= 2 * HOUR; at += 10L * MINUTE) {
            for (int i = 0; i < many; i++) {
                if (i != 7 || at <= HOUR) {
                    detection.see(line(object(LOG), "eni-" + i, at));
                }
            }
            detection.until(at);
        }

        assertThat(detection.until(2 * HOUR + 5 * MINUTE).alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.entity()).containsExactly(new EntityField("interface", "eni-7")));
    }

    @Test
    void aFlowLogOfManyInterfacesIsToldOnce() {
        for (int i = 0; i < 200; i++) {
            writes(LOG, "eni-" + i, 0, DAY + EVERY);
        }

        assertThat(run(DAY + 2 * HOUR)).singleElement().satisfies(alert -> assertThat(alert.entity())
                .containsExactly(new EntityField("flow_log", LOG)));
    }

    @Test
    void alertsDoNotDependOnOrderOrOnStepsOfEventTime() {
        writes(LOG, "eni-a", 0, DAY + EVERY);
        writes(LOG, "eni-a", DAY + 3 * HOUR, DAY + 4 * HOUR);
        writes(LOG, "eni-b", 0, DAY + 9 * HOUR);
        writes("fl-2", "eni-c", 0, DAY + 2 * HOUR);
        List<Alert> expected = run(2 * DAY);
        assertThat(expected)
                .filteredOn(alert -> alert.activity() == Activity.CREATE)
                .hasSize(4);

        for (int seed = 0; seed < 4; seed++) {
            Collections.shuffle(lines, new Random(seed));
            Detection detection = Detection.of(SilentInterface.FAMILY);
            lines.forEach(detection::see);
            for (long time = 0; time < 2 * DAY; time += 60 + 4_999L * seed) {
                detection.until(time);
            }

            assertThat(detection.until(2 * DAY).all()).isEqualTo(expected);
        }
    }

    private List<Alert> run(long until) {
        Detection detection = Detection.of(SilentInterface.FAMILY);
        lines.forEach(detection::see);
        return detection.until(until).all();
    }

    /** Writes from the first moment, to before the second. */
    private void writes(String flowLog, String interfaceId, long from, long to) {
        for (long start = from; start < to; start += EVERY) {
            lines.add(line(object(flowLog), interfaceId, start));
        }
    }

    private static CoverageRecord line(String object, String interfaceId, long start) {
        return new CoverageRecord(
                observer(interfaceId), Status.NODATA, T0 + start, T0 + start + 59, new RecordRef(object, start));
    }

    private static FoldedRecord folded(String interfaceId, long start) {
        FlowRecord flow = new FlowRecord(
                observer(interfaceId),
                FlowRecord.TCP,
                new Endpoint(ip("10.0.0.1"), 40_000),
                new Endpoint(ip("10.0.0.2"), 443),
                ip("10.0.0.1"),
                ip("10.0.0.2"),
                Action.ACCEPT,
                FlowDirection.EGRESS,
                2,
                1,
                60,
                T0 + start,
                T0 + start + 59,
                Annotations.NONE,
                0,
                new RecordRef(object(LOG), start));
        return new FoldedRecord(flow, true, true, T0 + start + 120);
    }

    private static String object(String flowLog) {
        return "s3://logs/AWSLogs/123456789012/vpcflowlogs/eu-west-1/2023/11/14/123456789012_vpcflowlogs_eu-west-1_"
                + flowLog + "_20231114T2200Z_fe123456.log.gz";
    }
}
