package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.Harnesses;
import io.flowsentinel.detect.PartialBlock;
import io.flowsentinel.detect.Ruling;
import io.flowsentinel.detect.TallyConnections;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.LifecycleEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class SlowScanTest {

    private static final String SCANNER = "198.51.100.7";
    private static final String INSIDE = "10.0.9.9";
    private static final long DAY = 86_400;
    /** By then everything of the first day is over. */
    private static final long DONE = 3 * DAY;

    private static final long END_OF_INPUT = Long.MAX_VALUE;

    @Test
    void aHundredPairsInADayAreASlowScan() {
        Detection detection = Detection.of(SlowScan.FAMILY);
        pairs(SCANNER, 100, 800, Connections::unanswered).forEach(detection::see);

        detection.until(DONE);

        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("slow-scan");
            assertThat(alert.severity()).isEqualTo(Severity.INFORMATIONAL);
            assertThat(alert.scope()).isNull();
            assertThat(alert.entity()).containsExactly(new EntityField("originator", SCANNER));
            assertThat(alert.title())
                    .isEqualTo("Slow scan: 198.51.100.7 tried 100 host and port pairs in vain,"
                            + " 0 connections succeeded");
            assertThat(alert.numbers())
                    .containsEntry("pairs", 100L)
                    .containsEntry("successful", 0L)
                    .containsEntry("opened", 100L);
            // The last attempt begins 22 hours after the first.
            assertThat(alert.timeMillis()).isEqualTo((T0 + 23 * 3_600) * 1000);
        });
        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() == Activity.CLOSE)
                .hasSize(1);
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void ninetyNineAreNot() {
        assertThat(alertsOf(pairs(SCANNER, 99, 800, Connections::unanswered))).isEmpty();
    }

    @Test
    void thePairsOfMoreThanADayAreNot() {
        assertThat(alertsOf(pairs(SCANNER, 200, 900, Connections::unanswered))).isEmpty();
    }

    @Test
    void aPairTriedOftenIsOne() {
        List<Connections> attempts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            attempts.add(from(SCANNER, "10.0.1.5", 22).unanswered().at(i * 300L));
        }

        assertThat(alertsOf(attempts)).isEmpty();
    }

    @Test
    void anInternalOriginatorIsMediumAndHasAScope() {
        assertThat(alertsOf(pairs(INSIDE, 100, 800, Connections::unanswered)))
                .first()
                .satisfies(alert -> {
                    assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
                    assertThat(alert.scope()).isEqualTo("vpc-1");
                });
    }

    @Test
    void aClientThatGetsThroughOftenEnoughHasBadDestinations() {
        assertThat(alertsOf(mixed(5, 0))).isNotEmpty();
        assertThat(alertsOf(mixed(6, 0))).isEmpty();
    }

    @Test
    void theShareIsOfAllConnections() {
        assertThat(alertsOf(mixed(6, 14))).isEmpty();
        assertThat(alertsOf(mixed(6, 15))).isNotEmpty();
    }

    @Test
    void answeredUdpIsASuccessToo() {
        List<Connections> connections = pairs(INSIDE, 100, 800, Connections::unanswered);
        for (int i = 0; i < 6; i++) {
            connections.add(
                    from(INSIDE, "10.0.3.1", 53).protocol(FlowRecord.UDP).at(i * 60L));
        }

        assertThat(alertsOf(connections)).isEmpty();
    }

    @Test
    void theEndOfTheInputIsNoFailure() {
        assertThat(alertsOf(pairs(SCANNER, 200, 60, one -> one.unanswered().ended(EndReason.END_OF_INPUT))))
                .isEmpty();
    }

    @Test
    void rejectedUdpIsCountedApart() {
        UnaryOperator<Connections> rejected = one -> one.protocol(FlowRecord.UDP)
                .state(ConnState.S0)
                .verdict(Verdict.DENIED)
                .saw("eni-web", true, Action.REJECT, 0);
        List<Connections> both = pairs(SCANNER, 99, 800, Connections::unanswered);
        both.addAll(pairs(SCANNER, 99, 800, rejected));

        assertThat(alertsOf(both)).isEmpty();
        assertThat(alertsOf(pairs(SCANNER, 100, 800, rejected))).first().satisfies(alert -> assertThat(alert.title())
                .isEqualTo("Slow scan: 198.51.100.7 tried 100 UDP host and port pairs in vain,"
                        + " 0 connections succeeded"));
    }

    @Test
    void anAllowedScannerIsSuppressed() {
        Detection detection =
                Detection.of(SlowScan.FAMILY, "rules: {slow-scan: {allow: [{source: 198.51.100.7, reason: ours}]}}");
        pairs(SCANNER, 100, 800, Connections::unanswered).forEach(detection::see);

        detection.until(DONE);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsOnly("allow source=198.51.100.7 reason=ours");
    }

    @Test
    void aGatewayIsNotBlamedForThoseBehindIt() {
        Detection detection = Detection.of(SlowScan.FAMILY);
        pairs("10.0.0.254", 100, 800, Connections::unanswered).forEach(detection::see);
        detection.see(from(INSIDE, "203.0.113.5", 443)
                .answered()
                .through("10.0.0.254")
                .at(7_200));

        detection.until(DONE);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsOnly("translated");
    }

    @Test
    void whatALivePortScanCountsDoesNotCount() throws Exception {
        List<Connections> connections = scan(60, 40_000);
        connections.addAll(pairs(SCANNER, 99, 800, Connections::unanswered));

        assertThat(creates(together("", connections))).containsExactly("port-scan");
    }

    @Test
    void whatIsLeftBesideALivePortScanCounts() throws Exception {
        List<Connections> connections = scan(60, 40_000);
        connections.addAll(pairs(SCANNER, 100, 800, Connections::unanswered));

        assertThat(together("", connections))
                .filteredOn(alert -> alert.rule().id().equals("slow-scan"))
                .first()
                .satisfies(alert -> assertThat(alert.numbers()).containsEntry("pairs", 100L));
    }

    @Test
    void aScanThatNobodySeesAccountsForNothing() throws Exception {
        List<Connections> connections = scan(60, 40_000);
        connections.addAll(pairs(SCANNER, 99, 800, Connections::unanswered));
        String dryRun = "rules: {port-scan: {mode: dry-run}}";
        String allowed = "rules: {port-scan: {allow: [{destination: 10.0.2.5, reason: known}]}}";

        assertThat(creates(together(dryRun, connections))).containsExactly("slow-scan");
        assertThat(creates(together(allowed, connections))).containsExactly("slow-scan");
    }

    /** The last minute of an hour and the hour are judged at the same time. */
    @Test
    void aScanInTheLastMinuteOfAnHourIsNoSlowScan() throws Exception {
        assertThat(creates(together("", scan(200, 3_599)))).containsExactly("port-scan");
    }

    @Test
    void atTheEndOfTheInputWhatALiveScanCountsDoesNotCountEither() throws Exception {
        List<Alert> alerts = together("", scan(200, 3_599), new Random(1), END_OF_INPUT);

        assertThat(creates(alerts)).containsExactly("port-scan");
    }

    /** Five hosts, one port short of a port scan until the next hour has begun. */
    @Test
    void whatAScanCountsLaterDoesNotChangeWhatWasJudgedEvenAtTheEndOfTheInput() throws Exception {
        List<Connections> connections = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            connections.add(from(SCANNER, "10.0.2." + i % 5, i).unanswered().at(3_400));
        }
        connections.add(from(SCANNER, "10.0.2.1", 9_999).unanswered().at(3_700));

        List<Alert> stepwise = together("", connections, new Random(1), steps(60));
        List<Alert> atOnce = together("", connections, new Random(1), END_OF_INPUT);

        assertThat(creates(stepwise)).containsExactly("slow-scan", "port-scan");
        assertThat(creates(atOnce)).isEqualTo(creates(stepwise));
    }

    @Test
    void aScanThatGoesOnIsNoSlowScan() throws Exception {
        List<Connections> connections = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            connections.add(from(SCANNER, "10.0.2.5", 1_000 + i).unanswered().at(i * 20L));
        }

        assertThat(creates(together("", connections))).containsExactly("port-scan");
    }

    @Test
    void neitherArrivalOrderNorWatermarkStepsShow() throws Exception {
        Random random = new Random(7);
        List<Connections> connections = pairs(SCANNER, 140, 600, Connections::unanswered);
        for (long at : new long[] {1_000, 3_590, 20_000, 50_000}) {
            for (int i = 0; i < 20 + random.nextInt(30); i++) {
                long start = at + random.nextInt(300);
                connections.add(from(SCANNER, "10.0.2.5", 1_000 + random.nextInt(3_000))
                        .unanswered()
                        .at(start)
                        .decided(start + random.nextInt(400)));
            }
        }
        for (int i = 0; i < 8; i++) {
            connections.add(from(SCANNER, "10.0.1.1", 443).answered().at(random.nextInt(80_000)));
        }
        List<Alert> expected = together("", connections, new Random(0), steps(60));

        assertThat(creates(expected)).contains("slow-scan", "port-scan");
        for (int step : new int[] {7_001, 40_000, 200_000}) {
            assertThat(together("", connections, new Random(step), steps(step))).isEqualTo(expected);
        }
    }

    private static List<Alert> alertsOf(List<Connections> connections) {
        Detection detection = Detection.of(SlowScan.FAMILY);
        connections.forEach(detection::see);
        return detection.until(DONE).all();
    }

    private static List<Connections> pairs(String originator, int count, long apart, UnaryOperator<Connections> kind) {
        List<Connections> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(kind.apply(
                    from(originator, "10.0.1." + i % 20, 1_000 + i / 20).at(i * apart)));
        }
        return pairs;
    }

    private static List<Connections> mixed(int successful, int undecided) {
        List<Connections> connections = pairs(INSIDE, 100, 800, Connections::unanswered);
        for (int i = 0; i < successful; i++) {
            connections.add(from(INSIDE, "10.0.3.1", 443).answered().at(i * 60L));
        }
        for (int i = 0; i < undecided; i++) {
            connections.add(
                    from(INSIDE, "10.0.3.1", 443).state(ConnState.OTH).guessed().at(i * 60L));
        }
        return connections;
    }

    private static List<Connections> scan(int ports, long at) {
        List<Connections> scan = new ArrayList<>();
        for (int port = 1; port <= ports; port++) {
            scan.add(from(SCANNER, "10.0.2.5", port).unanswered().at(at));
        }
        return scan;
    }

    private static List<String> creates(List<Alert> alerts) {
        return alerts.stream()
                .filter(alert -> !alert.suppressed() && alert.activity() == Activity.CREATE)
                .map(alert -> alert.rule().id())
                .toList();
    }

    private static List<Alert> together(String rules, List<Connections> connections) throws Exception {
        return together(rules, connections, new Random(1), steps(600));
    }

    /** Watermarks in seconds after T0. */
    private static long[] steps(int step) {
        return LongStream.iterate(step, now -> now < DONE + step, now -> now + step)
                .map(now -> Math.min(now, DONE))
                .toArray();
    }

    /** All rules together, as the job runs them; everything certain by a watermark arrives before it. */
    private static List<Alert> together(String yaml, List<Connections> connections, Random random, long... watermarks)
            throws Exception {
        Rules rules = Rules.load(yaml, "rules.yaml");
        Duration minute = Duration.ofSeconds(60);
        List<Connection> left = new ArrayList<>();
        connections.forEach(one -> left.add(one.close()));
        left.sort(Comparator.comparingLong(Connection::decidedAt));
        var judging = Harnesses.judging(rules);
        try (var tallying = new OneInputStreamOperatorTestHarness<LifecycleEvent, PartialBlock>(
                        new TallyConnections(rules, Networks.byDefault(), minute));
                judging) {
            tallying.open();
            judging.open();
            int next = 0;
            for (long now : watermarks) {
                List<Connection> arriving = new ArrayList<>();
                while (next < left.size() && left.get(next).decidedAt() - T0 <= now) {
                    arriving.add(left.get(next));
                    next++;
                }
                Collections.shuffle(arriving, random);
                for (Connection one : arriving) {
                    tallying.processElement(new StreamRecord<>(one));
                }
                long watermark = now == END_OF_INPUT ? now : (T0 + now) * 1_000;
                tallying.processWatermark(watermark);
                for (PartialBlock block : tallying.extractOutputValues()) {
                    judging.processElement1(new StreamRecord<>(block));
                }
                tallying.getOutput().clear();
                Harnesses.advance(judging, watermark);
            }
            return judging.extractOutputValues().stream()
                    .map(Ruling::alert)
                    .sorted(Comparator.comparingLong(Alert::timeMillis)
                            .thenComparing(alert -> alert.rule().id())
                            .thenComparing(Alert::findingId)
                            .thenComparing(Alert::activity))
                    .toList();
        }
    }
}
