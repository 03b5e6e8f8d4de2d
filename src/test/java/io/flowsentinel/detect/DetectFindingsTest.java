package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Ruling.Hearing;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.VolumeRecords;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.LifecycleEvent;
import io.flowsentinel.model.RulesChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectFindingsTest {

    private static final Duration MINUTE = Duration.ofSeconds(60);

    private static final Rules DRY_SWEEPS = Rules.load("rules: {host-sweep: {mode: dry-run}}", "rules.yaml");

    private static final Rules LOWER =
            Rules.load("rules: {host-sweep: {mode: dry-run}, port-scan: {thresholds: {external: 15}}}", "rules.yaml");

    @Test
    void anEpisodeBeginsAndEndsAndNoStateRemains() throws Exception {
        try (var harness = open(null)) {
            sendScans(harness, ports(0, 30));
            sendScans(harness, sweep());

            Harnesses.advance(harness, (T0 + 100_000) * 1_000);

            assertThat(alerts(harness)).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
            assertThat(harness.extractOutputValues())
                    .extracting(ruling -> ruling.alert().suppressedBy())
                    .filteredOn(reason -> reason != null)
                    .containsExactly("dry-run", "dry-run");
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    /** On disk what is read is a copy each time, in memory it is what was written last. */
    @Test
    void whereStateIsKeptMakesNoDifference() throws Exception {
        List<Alert> inMemory;
        try (var harness = open(null)) {
            inMemory = scansAndMore(harness);
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }

        try (var harness = Harnesses.judgingOnDisk(DRY_SWEEPS)) {
            harness.open();

            assertThat(scansAndMore(harness)).isNotEmpty().isEqualTo(inMemory);
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    /** A scan that is restarted, one that goes on, and lower thresholds in between. */
    private static List<Alert> scansAndMore(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness)
            throws Exception {
        sendScans(harness, ports(0, 30));
        sendScans(harness, ports("10.0.1.9", 60, 20));
        sendScans(harness, sweep());
        Harnesses.advance(harness, (T0 + 400) * 1_000);
        harness.processElement2(new StreamRecord<>(RulesChanges.after((T0 + 400) * 1_000, LOWER)));
        sendScans(harness, ports(500, 12));
        Harnesses.advance(harness, (T0 + 700) * 1_000);
        sendScans(harness, ports(20_000, 30));
        Harnesses.advance(harness, (T0 + 200_000) * 1_000);
        return harness.extractOutputValues().stream().map(Ruling::alert).toList();
    }

    @Test
    void anEpisodeGoesOnAfterARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(null)) {
            send(harness, ports(0, 30));
            Harnesses.advance(harness, (T0 + 300) * 1_000);
            send(harness, ports(400, 20));
            snapshot = harness.snapshot(1, 1);
            assertThat(alerts(harness)).hasSize(1);
        }

        try (var harness = open(snapshot)) {
            Harnesses.advance(harness, (T0 + 100_000) * 1_000);

            assertThat(alerts(harness)).singleElement().satisfies(alert -> {
                assertThat(alert.activity()).isEqualTo(Activity.CLOSE);
                assertThat(alert.numbers()).containsEntry("ports", 50L);
                assertThat(alert.count()).isEqualTo(50);
                assertThat(alert.connections()).hasSize(Alert.MAX_EVIDENCE);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rules: {port-scan: {mode: off}}",
                "rules: {mixed-scan: {mode: off}}",
                "rules: {port-scan: {mode: off}, host-sweep: {mode: off}, mixed-scan: {mode: off}}"
            })
    void findingsOfARuleThatIsSwitchedOffAreForgottenAfterARestore(String off) throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(null)) {
            sendScans(harness, ports("10.0.1.5", 0, 30));
            sendScans(harness, ports("10.0.1.6", 0, 30));
            Harnesses.advance(harness, (T0 + 300) * 1_000);
            snapshot = harness.snapshot(1, 1);
            assertThat(alerts(harness))
                    .extracting(alert -> alert.rule().id())
                    .containsExactly("port-scan", "mixed-scan");
        }
        Rules rules = Rules.load(off, "rules.yaml");

        try (var harness = open(snapshot, rules)) {
            Harnesses.advance(harness, (T0 + 100_000) * 1_000);

            assertThat(alerts(harness))
                    .allSatisfy(alert ->
                            assertThat(rules.rule(alert.rule().id()).on()).isTrue());
            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void aFamilyWithoutRulesCountsNothing() throws Exception {
        Rules off = Rules.load("rules: {exposed-admin-service: {mode: off}}", "rules.yaml");

        List<Partial> sent =
                tallied(off, List.of(from("198.51.100.7", "10.0.1.5", 22).answered()));

        assertThat(sent)
                .isNotEmpty()
                .noneMatch(partial -> partial.part().family() == Families.EXPOSED_ADMIN_SERVICES.code());
    }

    @Test
    void aSnapshotIsNotTouchedByWhatComesAfterIt() throws Exception {
        Tally one = onlyTally(talliedScan().page());
        Tally tally = new Tally();
        tally.add(one);
        Agenda agenda = new Agenda(Families.SCANS.code());
        agenda.note(agenda.filling(T0), false, 1, true);
        Tally tallyBefore = tally.copy();
        Agenda agendaBefore = new AgendaSerializer().copy(agenda);

        tally.add(one);
        agenda.note(agenda.filling(T0), false, 1, true);

        assertThat(tallyBefore.count()).isEqualTo(1);
        assertThat(tallyBefore.firsts()).hasSize(1);
        assertThat(agendaBefore.panes.filling(0).counted).isEqualTo(1);
        assertThat(tally.firsts()).hasSize(2);
    }

    private static Tally onlyTally(Page page) {
        List<Tally> all = new ArrayList<>();
        page.counting().forEach((cell, tally) -> all.add(tally));
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    void whatIsCountedTouchesOnePageAndReadsNothingElse() throws Exception {
        Watch watch = new Watch(Families.SCANS, DRY_SWEEPS, MINUTE);
        List<Long> touched = new ArrayList<>();
        Ledger ledger = new Ledger() {
            @Override
            public Page get(long pane) {
                touched.add(pane);
                return null;
            }

            @Override
            public void put(long pane, Page page) {
                touched.add(pane);
            }

            @Override
            public void remove(long pane) {
                throw new AssertionError(pane);
            }
        };
        Partial one = talliedScan();

        watch.observe(new Agenda(Families.SCANS.code()), ledger, one.part().pane(), one.page(), Long.MIN_VALUE);

        assertThat(touched).containsExactly(T0, T0);
    }

    @Test
    void theEndOfTheInputJudgesWhatIsLeftAndClosesNothing() throws Exception {
        try (var harness = open(null)) {
            send(harness, ports(0, 30));

            Harnesses.advance(harness, Long.MAX_VALUE);

            assertThat(alerts(harness)).extracting(Alert::activity).containsExactly(Activity.CREATE);
        }
    }

    @Test
    void whatRestsHasOneTimerAPaneAndIsForgotten() throws Exception {
        try (var harness = open(null)) {
            sendScans(harness, ports(0, 3));
            sendScans(harness, ports(10, 3));
            sendScans(harness, ports(500, 3));

            assertThat(harness.numEventTimeTimers()).isEqualTo(2);
            Harnesses.advance(harness, (T0 + 100_000) * 1_000);

            assertThat(harness.numKeyedStateEntries()).isZero();
            assertThat(alerts(harness)).isEmpty();
        }
    }

    /** Many entries of one cell: a page too long to be carried along, until it is opened. */
    @Test
    void aPageThatTurnsOutToBeSmallLeavesNothingBehind() throws Exception {
        Subject subject = Subject.of(Families.SCANS.space(), null, Connections.ip("2001:db8::7"));
        SubjectPart part = new SubjectPart(subject, Families.SCANS.code(), T0);
        Cell cell = new Cell(Connections.ip("2001:db8::1"), 443, 6, "vpc-1", Map.of());
        try (var harness = open(null)) {
            for (int i = 0; i < 100; i++) {
                Partial fact = new Partial(part, Page.of(true, cell, Tally.fact(1)));
                harness.processElement1(new StreamRecord<>(Blocks.of(fact)));
            }
            assertThat(harness.numKeyedStateEntries()).isPositive();

            Harnesses.advance(harness, (T0 + 100_000) * 1_000);

            assertThat(harness.numKeyedStateEntries()).isZero();
        }
    }

    @Test
    void repeatedFactsAreSentOnce() throws Exception {
        List<Connections> healthChecks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            healthChecks.add(from("10.0.0.9", "10.0.1.5", 443).answered().at(i * 12L));
        }

        List<Partial> sent = tallied(healthChecks);

        assertThat(sent)
                .filteredOn(partial -> partial.part().family() == Families.SCANS.code())
                .extracting(partial -> partial.part().pane())
                .containsExactlyInAnyOrder(T0, T0 + 60);
    }

    @Test
    void whatIsCountedIsSentWhenItsPaneIsJudged() throws Exception {
        try (var harness = tallying(DRY_SWEEPS)) {
            harness.open();
            harness.processElement(new StreamRecord<>(ports(0, 1).get(0).close()));

            harness.processWatermark((T0 + 209) * 1_000);
            assertThat(harness.extractOutputValues()).isEmpty();
            harness.processWatermark((T0 + 210) * 1_000);

            assertThat(Blocks.open(harness.extractOutputValues()))
                    .anyMatch(partial -> partial.part().family() == Families.SCANS.code());
        }
    }

    /** Twenty ports, where 25 are a scan, and 15 after the change. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lowerThresholdsHoldForSubjectsThatSleepWhetherCountedBeforeOrAfter(boolean countedBefore) throws Exception {
        long change = T0 + 300;
        try (var harness = open(null)) {
            if (countedBefore) {
                sendScans(harness, ports(0, 20));
            }
            Harnesses.advance(harness, change * 1_000);
            harness.processElement2(new StreamRecord<>(RulesChanges.after(change * 1_000, LOWER)));
            assertThat(alerts(harness)).isEmpty();
            if (!countedBefore) {
                sendScans(harness, ports(200, 20));
            }

            Harnesses.advance(harness, (T0 + 700) * 1_000);

            assertThat(alerts(harness)).singleElement().satisfies(alert -> {
                assertThat(alert.rulesVersion()).isEqualTo(LOWER.version());
                assertThat(decidedAt(alert)).isGreaterThan(change);
                assertThat(alert.thresholds()).containsEntry("external", 15.0);
            });
        }
    }

    @Test
    void whatIsDecidedUpToTheChangeIsDecidedByTheFormerRulesHoweverFarEventTimeJumps() throws Exception {
        List<Alert> inSteps = aroundAChange(60);
        List<Alert> atOnce = aroundAChange(6_000);

        assertThat(inSteps).extracting(Alert::rulesVersion).contains(DRY_SWEEPS.version(), LOWER.version());
        assertThat(inSteps).allSatisfy(alert -> assertThat(alert.rulesVersion())
                .isEqualTo(decidedAt(alert) > T0 + 1_020 ? LOWER.version() : DRY_SWEEPS.version()));
        assertThat(atOnce).isEqualTo(inSteps);
    }

    /** Epoch seconds: the lag after the end of the pane. */
    private static long decidedAt(Alert alert) {
        return alert.timeMillis() / 1_000 + 150;
    }

    /** A scan that is one by either rules, and a smaller one that is one after the change. */
    private static List<Alert> aroundAChange(int step) throws Exception {
        try (var harness = open(null)) {
            sendScans(harness, ports(0, 30));
            sendScans(harness, ports("10.0.1.9", 900, 20));
            harness.processElement2(new StreamRecord<>(RulesChanges.after((T0 + 1_020) * 1_000, LOWER)));
            for (long now = T0 + step; now <= T0 + 6_000; now += step) {
                Harnesses.advance(harness, now * 1_000);
            }
            return alerts(harness);
        }
    }

    @Test
    void aChangeOutlivesARestartButNotOtherRulesAtTheStart() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(null)) {
            Harnesses.advance(harness, T0 * 1_000);
            harness.processElement2(new StreamRecord<>(RulesChanges.after(T0 * 1_000, LOWER)));
            sendScans(harness, ports(0, 20));
            snapshot = harness.snapshot(1, 1);
        }

        assertThat(versionsAfter(snapshot, DRY_SWEEPS, "first"))
                .as("after a failure")
                .containsExactly(LOWER.version());
        assertThat(versionsAfter(snapshot, DRY_SWEEPS, "second"))
                .as("rolled back by who started it anew")
                .isEmpty();
        Rules others = Rules.load("rules: {port-scan: {thresholds: {external: 19}}}", "rules.yaml");
        assertThat(versionsAfter(snapshot, others, "second"))
                .as("started anew with others")
                .containsExactly(others.version());
    }

    private static List<String> versionsAfter(OperatorSubtaskState snapshot, Rules rules, String submission)
            throws Exception {
        try (var harness = Harnesses.judging(rules, submission)) {
            harness.initializeState(snapshot);
            harness.open();
            Harnesses.advance(harness, (T0 + 600) * 1_000);
            return alerts(harness).stream().map(Alert::rulesVersion).toList();
        }
    }

    /** Twenty ports are none of 25, and the subject sleeps; under 15 it has to be looked at at once. */
    @Test
    void lowerThresholdsOfAJobStartedAnewWakeSubjectsThatSleep() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(null)) {
            sendScans(harness, ports(0, 20));
            Harnesses.advance(harness, (T0 + 300) * 1_000);
            snapshot = harness.snapshot(1, 1);
        }

        assertThat(versionsAfter(snapshot, LOWER, "second")).containsExactly(LOWER.version());
    }

    @Test
    void aFindingOfARuleThatIsSwitchedOffIsToldToBeGone() throws Exception {
        try (var harness = open(null)) {
            sendScans(harness, ports(0, 30));
            Harnesses.advance(harness, (T0 + 300) * 1_000);
            String id = alerts(harness).get(0).findingId();
            harness.getOutput().clear();
            Rules off = Rules.load("rules: {port-scan: {mode: off}}", "rules.yaml");
            harness.processElement2(new StreamRecord<>(RulesChanges.after((T0 + 300) * 1_000, off)));

            Harnesses.advance(harness, (T0 + 3_000) * 1_000);

            assertThat(harness.extractOutputValues())
                    .filteredOn(ruling -> ruling.hearing() == Hearing.NOBODY)
                    .extracting(ruling -> ruling.alert().findingId())
                    .containsExactly(id);
        }
    }

    @Test
    void otherRulesCountWhatComesAfterThem() throws Exception {
        Rules off = Rules.load("rules: {exposed-admin-service: {mode: off}}", "rules.yaml");
        LifecycleEvent login = from("198.51.100.7", "10.0.1.5", 22).answered().close();
        try (var harness = tallying(off)) {
            harness.open();
            harness.processElement(new StreamRecord<>(login));
            harness.prepareSnapshotPreBarrier(1);
            assertThat(Blocks.open(harness.extractOutputValues()))
                    .noneMatch(partial -> partial.part().family() == Families.EXPOSED_ADMIN_SERVICES.code());

            harness.processElement(new StreamRecord<>(RulesChanges.after(T0, Rules.defaults())));
            harness.processElement(new StreamRecord<>(login));
            harness.prepareSnapshotPreBarrier(2);

            assertThat(Blocks.open(harness.extractOutputValues()))
                    .anyMatch(partial -> partial.part().family() == Families.EXPOSED_ADMIN_SERVICES.code());
        }
    }

    /** However many connections are gathered before routers are asked about them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 127, 128, 300})
    void formerRulesCountWhatComesBeforeOthers(int logins) throws Exception {
        Rules off = Rules.load("rules: {exposed-admin-service: {mode: off}}", "rules.yaml");
        LifecycleEvent login = from("198.51.100.7", "10.0.1.5", 22).answered().close();
        try (var harness = tallying(Rules.defaults())) {
            harness.open();
            for (int i = 0; i < logins; i++) {
                harness.processElement(new StreamRecord<>(login));
            }
            harness.processElement(new StreamRecord<>(RulesChanges.after(T0, off)));
            harness.processElement(new StreamRecord<>(login));
            harness.prepareSnapshotPreBarrier(1);

            assertThat(sum(Blocks.open(harness.extractOutputValues()), Families.EXPOSED_ADMIN_SERVICES, Tally::count))
                    .isEqualTo(logins);
        }
    }

    /** However many are gathered before routers are asked about them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 127, 128, 300})
    void allThatWasTakenIsCountedAtTheEnd(int records) throws Exception {
        FoldedRecord sent =
                VolumeRecords.sent("10.0.1.5", "198.51.100.7").carrying(10, 600).folded();
        LifecycleEvent login = from("198.51.100.7", "10.0.1.5", 22).answered().close();
        try (var harness = tallying(Rules.defaults())) {
            harness.open();
            for (int i = 0; i < records; i++) {
                harness.processElement(new StreamRecord<>(sent));
                harness.processElement(new StreamRecord<>(login));
            }
            harness.getOneInputOperator().finish();

            List<Partial> out = Blocks.open(harness.extractOutputValues());
            assertThat(sum(out, Families.OUTBOUND_VOLUMES, Tally::bytes)).isEqualTo(600L * records);
            assertThat(sum(out, Families.EXPOSED_ADMIN_SERVICES, Tally::count)).isEqualTo(records);
        }
    }

    private static long sum(List<Partial> partials, Family family, ToLongFunction<Tally> amount) {
        AtomicLong sum = new AtomicLong();
        partials.stream()
                .filter(partial -> partial.part().family() == family.code())
                .forEach(partial ->
                        partial.page().counting().forEach((cell, tally) -> sum.addAndGet(amount.applyAsLong(tally))));
        return sum.get();
    }

    @Test
    void nothingIsHeldBackOverACheckpoint() throws Exception {
        try (var harness = tallying(DRY_SWEEPS)) {
            harness.open();
            harness.processElement(new StreamRecord<>(ports(0, 1).get(0).close()));
            assertThat(harness.extractOutputValues()).isEmpty();

            harness.prepareSnapshotPreBarrier(1);

            assertThat(harness.extractOutputValues()).isNotEmpty();
        }
    }

    private static List<Connections> ports(long at, int count) {
        return ports("10.0.1.5", at, count);
    }

    private static List<Connections> ports(String responder, long at, int count) {
        List<Connections> attempts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attempts.add(from("198.51.100.7", responder, 1_000 + (int) at + i)
                    .unanswered()
                    .at(at));
        }
        return attempts;
    }

    private static List<Connections> sweep() {
        List<Connections> attempts = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            attempts.add(from("198.51.100.8", "10.0.1." + i, 22).unanswered());
        }
        return attempts;
    }

    private static List<Partial> tallied(List<Connections> connections) throws Exception {
        return tallied(DRY_SWEEPS, connections);
    }

    /** What one attempt of a scan is to the rules of scans. */
    private static Partial talliedScan() throws Exception {
        return tallied(ports(0, 1)).stream()
                .filter(partial -> partial.part().family() == Families.SCANS.code())
                .findFirst()
                .orElseThrow();
    }

    private static List<Partial> tallied(Rules rules, List<Connections> connections) throws Exception {
        try (var harness = tallying(rules)) {
            harness.open();
            for (Connections connection : connections) {
                harness.processElement(new StreamRecord<>(connection.close()));
            }
            harness.prepareSnapshotPreBarrier(1);
            return Blocks.open(harness.extractOutputValues());
        }
    }

    private static OneInputStreamOperatorTestHarness<LifecycleEvent, PartialBlock> tallying(Rules rules)
            throws Exception {
        return new OneInputStreamOperatorTestHarness<>(new TallyConnections(rules, Networks.byDefault(), MINUTE));
    }

    private static void send(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness,
            List<Connections> connections)
            throws Exception {
        for (Partial partial : tallied(connections)) {
            harness.processElement1(new StreamRecord<>(Blocks.of(partial)));
        }
    }

    /** One subject alone: what they mean to other families has subjects and timers of its own. */
    private static void sendScans(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness,
            List<Connections> connections)
            throws Exception {
        for (Partial partial : tallied(connections)) {
            if (partial.part().family() == Families.SCANS.code()) {
                harness.processElement1(new StreamRecord<>(Blocks.of(partial)));
            }
        }
    }

    private static List<Alert> alerts(
            KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness) {
        return harness.extractOutputValues().stream()
                .filter(ruling -> ruling.hearing() == Hearing.READERS)
                .map(Ruling::alert)
                .filter(alert -> !alert.suppressed())
                .toList();
    }

    private static KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> open(
            OperatorSubtaskState snapshot) throws Exception {
        return open(snapshot, DRY_SWEEPS);
    }

    private static KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> open(
            OperatorSubtaskState snapshot, Rules rules) throws Exception {
        KeyedTwoInputStreamOperatorTestHarness<Integer, PartialBlock, RulesChange, Ruling> harness =
                Harnesses.judging(rules);
        harness.setup();
        if (snapshot != null) {
            harness.initializeState(snapshot);
        }
        harness.open();
        return harness;
    }
}
