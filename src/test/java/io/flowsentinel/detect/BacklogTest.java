package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.rule.Catalogue;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.RulesChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Held against rules that keep all they are told of every subject apart. */
class BacklogTest {

    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    /** By then everything is forgotten. */
    private static final long LATER = 60 * DAY;

    /** So low that little traffic makes alerts. */
    private static final Rules RULES = Rules.load(
            """
            rules:
              port-scan: {thresholds: {external: 12, internal: 12}}
              host-sweep: {thresholds: {external: 12, internal: 12}}
              mixed-scan: {thresholds: {pairs: 30}}
              syn-flood: {thresholds: {half_open_per_minute: 5}}
              reset-storm: {thresholds: {resets_per_minute: 5}}
            """,
            "rules.yaml");

    private static final Family FLOODS = Catalogue.family(12);
    private static final Family NEWLY_ALLOWED = Catalogue.family(22);

    @Property(tries = 40)
    void scansAreTheSame(@ForAll int seed) throws Exception {
        Random random = new Random(seed);
        List<Connections> traffic = new ArrayList<>();
        for (int burst = 0; burst < 60; burst++) {
            int at = random.nextInt(12_000);
            for (int i = 0; i < 3 + random.nextInt(30); i++) {
                Connections attempt =
                        from("198.51.100." + burst % 9, "10.0.1." + burst % 4, 1_000 + random.nextInt(40));
                long start = (long) at + random.nextInt(200);
                attempt.at(start).decided(start + random.nextInt(400));
                traffic.add(random.nextInt(12) == 0 ? attempt.answered() : attempt.unanswered());
            }
        }
        for (int port = 0; port < 14; port++) {
            traffic.add(from("192.0.2.1", "10.0.1.9", port).unanswered().at(3_000 + port % 2 * 240L));
        }

        assertThat(whereAllIsKeptApart(Families.SCANS, traffic, 20_000)).isNotEmpty();
        restingMakesNoDifference(Families.SCANS, traffic, 20_000, random);
    }

    @Property(tries = 20)
    void beaconsAreTheSame(@ForAll int seed) throws Exception {
        Random random = new Random(seed);
        List<Connections> traffic = new ArrayList<>();
        for (long at = 300; at < 2 * DAY; at += 1_200) {
            traffic.add(from("10.0.1.5", "203.0.113.9", 443).at(at).answered());
            for (int i = random.nextInt(3); i > 0; i--) {
                String other = "10.0.2." + random.nextInt(40);
                traffic.add(from(other, "203.0.113.9", 443)
                        .at(at + random.nextInt(900))
                        .answered());
            }
        }

        assertThat(whereAllIsKeptApart(Families.BEACONS, traffic, 4 * DAY)).isNotEmpty();
        restingMakesNoDifference(Families.BEACONS, traffic, 4 * DAY, random);
    }

    @Property(tries = 20)
    void floodsAreTheSame(@ForAll int seed) throws Exception {
        Random random = new Random(seed);
        List<Connections> traffic = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Connections attempt = from("198.51.100." + i % 200, 1_000 + i, "10.0.1." + random.nextInt(6), 443);
            attempt.at(random.nextInt(4_000));
            traffic.add(random.nextInt(8) == 0 ? attempt.unanswered() : attempt.answered());
        }
        for (int i = 0; i < 100; i++) {
            traffic.add(from("198.51.100.7", 5_000 + i, "10.0.1.5", 443)
                    .at(2_000 + 2 * i)
                    .unanswered());
        }

        assertThat(whereAllIsKeptApart(FLOODS, traffic, 8_000)).isNotEmpty();
        restingMakesNoDifference(FLOODS, traffic, 8_000, random);
    }

    @Property(tries = 20)
    void newlyAllowedIsTheSame(@ForAll int seed) throws Exception {
        Random random = new Random(seed);
        List<Connections> traffic = new ArrayList<>();
        for (int i = 0; i < 300; i++) { // of one of them more than may rest
            String client = "203.0.113." + random.nextInt(20);
            traffic.add(from(client, "10.0.1.200", 443).at(random.nextLong(DAY)).answered());
        }
        for (int i = 0; i < 200; i++) {
            long at = random.nextLong(4 * DAY);
            Connections attempt = from("198.51.100." + random.nextInt(9), "10.0.1." + random.nextInt(20), 443)
                    .at(at);
            boolean opened = at > 2 * DAY;
            traffic.add(random.nextInt(3) == 0 != opened ? attempt.denied() : attempt.answered());
        }
        for (int day = 0; day < 4; day++) {
            traffic.add(from("192.0.2.7", "10.0.1.5", 443).at(day * DAY).denied());
        }
        traffic.add(from("192.0.2.7", "10.0.1.5", 443).at(4 * DAY).answered());

        assertThat(whereAllIsKeptApart(NEWLY_ALLOWED, traffic, 14 * DAY)).isNotEmpty();
        restingMakesNoDifference(NEWLY_ALLOWED, traffic, 14 * DAY, random);
    }

    /** Denials are remembered for a week: it must not show when somebody looked through them. */
    @Property(tries = 20)
    void denialsOfLongAgoAreForgottenWhateverWasAnsweredBefore(@ForAll int seed) throws Exception {
        Random random = new Random(seed);
        List<Connections> traffic = new ArrayList<>();
        long denied = 2 * DAY + random.nextLong(DAY);
        for (int hour = 0; hour < 30; hour++) {
            traffic.add(from("198.51.100.7", "10.0.1.5", 443)
                    .at(denied - hour * HOUR)
                    .answered());
        }
        for (int i = 0; i < 8; i++) {
            traffic.add(from("192.0.2.7", "10.0.1.5", 443)
                    .at(denied + 6L * i * HOUR)
                    .denied());
        }
        traffic.add(from("192.0.2.7", "10.0.1.5", 443)
                .at(denied + 7 * DAY + random.nextLong(DAY))
                .answered());

        restingMakesNoDifference(NEWLY_ALLOWED, traffic, 14 * DAY, random);
    }

    /** Twelve ports of which nobody knows more than six at a time before the input ends. */
    @Property(tries = 10)
    void theEndOfTheInputJudgesWhatWasNeverWeighed(@ForAll @IntRange(max = 600) int between) throws Exception {
        try (var harness = Harnesses.judging(RULES)) {
            harness.open();
            sendPorts(harness, 0, 6);
            Harnesses.advance(harness, (T0 + between) * 1_000);
            sendPorts(harness, 240, 6);
            harness.processWatermark2(Watermark.MAX_WATERMARK);
            harness.processWatermark1(Watermark.MAX_WATERMARK);

            assertThat(alerts(harness)).singleElement().satisfies(alert -> assertThat(alert.numbers())
                    .containsEntry("ports", 12L));
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    /** Six ports, and six more when the first would have been forgotten under the rules they came under. */
    @Test
    void longerWindowsReachWhatRests() throws Exception {
        Rules longer =
                Rules.load("rules: {port-scan: {window: 1h, thresholds: {external: 12, internal: 12}}}", "rules.yaml");
        try (var harness = Harnesses.judging(RULES)) {
            harness.open();
            sendPorts(harness, 0, 6);
            Harnesses.advance(harness, (T0 + 240) * 1_000);
            harness.processElement2(new StreamRecord<>(RulesChanges.after((T0 + 240) * 1_000, longer)));
            Harnesses.advance(harness, (T0 + 2_400) * 1_000);
            sendPorts(harness, 2_400, 6);
            Harnesses.advance(harness, (T0 + 2_700) * 1_000);

            assertThat(alerts(harness)).singleElement().satisfies(alert -> assertThat(alert.numbers())
                    .containsEntry("ports", 12L));
        }
    }

    @Test
    void whatIsForgottenWhileRulesAreOffStaysForgotten() throws Exception {
        Rules off = Rules.load(
                "rules: {port-scan: {mode: off}, host-sweep: {mode: off}, mixed-scan: {mode: off}}", "rules.yaml");
        Rules longer =
                Rules.load("rules: {port-scan: {window: 1h, thresholds: {external: 12, internal: 12}}}", "rules.yaml");
        try (var harness = Harnesses.judging(RULES)) {
            harness.open();
            sendPorts(harness, 0, 6);
            Harnesses.advance(harness, (T0 + 240) * 1_000);
            harness.processElement2(new StreamRecord<>(RulesChanges.after((T0 + 240) * 1_000, off)));
            harness.processElement2(new StreamRecord<>(RulesChanges.after((T0 + 600) * 1_000, longer)));
            Harnesses.advance(harness, (T0 + 660) * 1_000);
            sendPorts(harness, 660, 6);
            Harnesses.advance(harness, (T0 + 1_200) * 1_000);

            assertThat(alerts(harness)).isEmpty();
        }
    }

    @Test
    void whatComesAfterItsPaneWasJudgedCountsInTheFirstOpenOne() throws Exception {
        try (var harness = Harnesses.judging(RULES)) {
            harness.open();
            sendPorts(harness, 300, 6);
            Harnesses.advance(harness, (T0 + 400) * 1_000);
            sendPorts(harness, 0, 7);
            Harnesses.advance(harness, (T0 + 700) * 1_000);

            assertThat(alerts(harness)).singleElement().satisfies(alert -> {
                assertThat(alert.numbers()).containsEntry("ports", 13L);
                assertThat(alert.timeMillis()).isEqualTo((T0 + 360) * 1_000);
            });
        }
    }

    @Test
    void aSnapshotKnowsWhomTheLastElementRoused() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = Harnesses.judging(RULES)) {
            harness.open();
            sendPorts(harness, 300, 6);
            Harnesses.advance(harness, (T0 + 400) * 1_000);
            sendPorts(harness, 0, 7);
            snapshot = harness.snapshot(1, 1);
        }

        try (var harness = Harnesses.judging(RULES)) {
            harness.initializeState(snapshot);
            harness.open();
            Harnesses.advance(harness, (T0 + 100_000) * 1_000);

            assertThat(alerts(harness)).first().satisfies(alert -> assertThat(alert.numbers())
                    .containsEntry("ports", 13L));
            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void subjectsOfOneHashAreRousedUntilNoneIsLeft() {
        BacklogCounts counts = new BacklogCounts();
        assertThat(counts.add(7, 3)).isEqualTo(3);
        counts.rouse(7);
        counts.begin(7);
        counts.begin(7);

        counts.end(7);
        assertThat(counts.isRoused(7)).isTrue();

        counts.end(7);
        assertThat(counts.isRoused(7)).isFalse();
        assertThat(counts.isEmpty()).isTrue();
        assertThat(counts.add(7, 0)).isZero();
    }

    /** In memory and on disk, in several orders and steps of event time, and from a checkpoint half way. */
    private static void restingMakesNoDifference(Family family, List<Connections> traffic, long end, Random random)
            throws Exception {
        List<Alert> apart = whereAllIsKeptApart(family, traffic, end);
        long step = 60 + random.nextLong(end / 20);

        assertThat(whereItRests(family, traffic, end, step, random, false)).isEqualTo(apart);
        assertThat(whereItRests(family, traffic, end, 600, random, true)).isEqualTo(apart);
    }

    private static List<Alert> whereAllIsKeptApart(Family family, List<Connections> traffic, long end) {
        Detection detection = Detection.of(family, RULES);
        List<Connection> left = byDecision(traffic);
        long step = family.hourly() ? 600 : 60;
        for (long now = step; now <= end; now += step) {
            arriving(left, now).forEach(detection::see);
            detection.until(now);
        }
        return detection.until(end + LATER).all();
    }

    private static List<Alert> whereItRests(
            Family family, List<Connections> traffic, long end, long step, Random random, boolean onDisk)
            throws Exception {
        List<Connection> left = byDecision(traffic);
        List<Alert> alerts = new ArrayList<>();
        long halfWay = end / 2;
        OperatorSubtaskState snapshot;
        try (var harness = onDisk ? Harnesses.judgingOnDisk(RULES) : Harnesses.judging(RULES)) {
            harness.open();
            feed(harness, family, left, 0, halfWay, step, random);
            snapshot = harness.snapshot(1, 1);
            alerts.addAll(all(harness));
        }
        try (var harness = onDisk ? Harnesses.judgingOnDisk(RULES) : Harnesses.judging(RULES)) {
            harness.initializeState(snapshot);
            harness.open();
            feed(harness, family, left, halfWay, end, step, random);
            Harnesses.advance(harness, (T0 + end + LATER) * 1_000);
            alerts.addAll(all(harness));
            assertThat(harness.numEventTimeTimers()).isZero();
            if (!onDisk) {
                assertThat(harness.numKeyedStateEntries()).isZero();
            }
        }
        return alerts.stream()
                .sorted(Comparator.comparingLong(Alert::timeMillis)
                        .thenComparing(Alert::findingId)
                        .thenComparing(Alert::activity))
                .toList();
    }

    private static void feed(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness,
            Family family,
            List<Connection> left,
            long from,
            long end,
            long step,
            Random random)
            throws Exception {
        for (long now = from + step; now < end + step; now += step) {
            long until = Math.min(now, end);
            List<Connection> arriving = arriving(left, until);
            Collections.shuffle(arriving, random);
            send(harness, family, arriving);
            Harnesses.advance(harness, (T0 + until) * 1_000);
        }
    }

    private static void send(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness,
            Family family,
            List<Connection> connections)
            throws Exception {
        List<PartialBlock> blocks = new ArrayList<>();
        PartialTallies tallies = new PartialTallies(blocks::add);
        FamilyMarks marks = new FamilyMarks(family, family.panes(Duration.ofSeconds(60)), tallies);
        ConnectionRouter router = family.connectionRouter(RULES);
        connections.forEach(each -> router.route(new ClosedConnection(each, Networks.byDefault()), marks));
        router.tellDue(Long.MAX_VALUE, marks);
        tallies.send();
        for (PartialBlock block : blocks) {
            harness.processElement1(new StreamRecord<>(block));
        }
    }

    private static void sendPorts(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness,
            long at,
            int count)
            throws Exception {
        List<Connection> attempts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attempts.add(from("198.51.100.7", "10.0.1.5", (int) at + i + 1)
                    .unanswered()
                    .at(at)
                    .close());
        }
        send(harness, Families.SCANS, attempts);
    }

    private static List<Connection> byDecision(List<Connections> traffic) {
        List<Connection> connections = new ArrayList<>();
        traffic.forEach(each -> connections.add(each.close()));
        connections.sort(Comparator.comparingLong(Connection::decidedAt));
        return connections;
    }

    /** Those that are certain by then; they are taken away. */
    private static List<Connection> arriving(List<Connection> left, long now) {
        List<Connection> arriving = new ArrayList<>(
                left.stream().takeWhile(each -> each.decidedAt() <= T0 + now).toList());
        left.subList(0, arriving.size()).clear();
        return arriving;
    }

    private static List<Alert> all(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness) {
        return harness.extractOutputValues().stream()
                .filter(ruling -> ruling.alert() != null && ruling.hearing() == Ruling.Hearing.READERS)
                .map(Ruling::alert)
                .toList();
    }

    private static List<Alert> alerts(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness) {
        return all(harness).stream().filter(alert -> !alert.suppressed()).toList();
    }
}
