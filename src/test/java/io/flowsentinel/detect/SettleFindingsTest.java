package io.flowsentinel.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Confidence;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Alert.Status;
import io.flowsentinel.model.RulesChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettleFindingsTest {

    /** From the end of a pane to its evaluation, in seconds. */
    private static final long LAG = 150;

    private static final List<String> SCANNER = List.of("originator 198.51.100.7");
    private static final List<String> OTHER = List.of("originator 198.51.100.8");

    @Test
    void aParentHoldsBackItsChildrenFromItsCreateOn() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("reject-burst", "a", SCANNER));
            settling.at(120, create("port-scan", "b", SCANNER));
            settling.at(180, create("reject-burst", "c", SCANNER), create("reject-burst", "d", OTHER));

            assertThat(settling.alerts()).containsExactly("a CREATE", "b CREATE", "d CREATE");
            assertThat(settling.suppressed()).containsExactly("c CREATE by b");
        }
    }

    @Test
    void aStrobeHoldsBackTheBeaconOfItsPairAlone() throws Exception {
        List<String> pair = List.of("pair originator vpc-1 10.0.1.5 responder 203.0.113.9");
        List<String> another = List.of("pair originator vpc-1 10.0.1.5 responder 203.0.113.10");
        try (Settling settling = new Settling()) {
            settling.at(60, create("strobe", "s", pair));
            settling.at(120, create("beacon", "b", pair), create("beacon", "c", another));

            assertThat(settling.alerts()).containsExactly("s CREATE", "c CREATE");
            assertThat(settling.suppressed()).containsExactly("b CREATE by s");
        }
    }

    @Test
    void inOneMomentTheParentComesFirst() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("reject-burst", "a", SCANNER), create("port-scan", "b", SCANNER));

            assertThat(settling.alerts()).containsExactly("b CREATE");
            assertThat(settling.suppressed()).containsExactly("a CREATE by b");
        }
    }

    @Test
    void aMutedChildOfWhichNoMoreIsCountedStaysMutedToItsEndAndIsThenForgotten() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("syn-flood", "p", SCANNER), create("reset-storm", "c", SCANNER));
            settling.at(120, alert("syn-flood", "p", Activity.CLOSE));
            settling.at(180, alert("reset-storm", "c", Activity.UPDATE));
            settling.at(240, alert("reset-storm", "c", Activity.CLOSE));
            settling.at(300, create("reset-storm", "e", SCANNER));

            assertThat(settling.alerts()).containsExactly("p CREATE", "p CLOSE", "e CREATE");
            assertThat(settling.suppressed()).containsExactly("c CREATE by p", "c UPDATE by p", "c CLOSE by p");
            assertThat(Harnesses.stateEntries(settling.harness)).isZero();
        }
    }

    @Test
    void aChildSpeaksOnceMoreIsCountedThatNoOpenParentStandsFor() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("port-scan", "p", SCANNER), create("slow-scan", "c", SCANNER));
            settling.at(120, goesOn("slow-scan", "c", SCANNER));
            settling.at(180, alert("port-scan", "p", Activity.CLOSE));
            settling.at(240, goesOn("slow-scan", "c", SCANNER));
            settling.at(300, goesOn("slow-scan", "c", SCANNER), update("slow-scan", "d", OTHER));
            settling.at(360, alert("slow-scan", "c", Activity.CLOSE), alert("slow-scan", "d", Activity.CLOSE));

            assertThat(settling.suppressed()).containsExactly("c CREATE by p");
            assertThat(settling.alerts())
                    .containsExactly("p CREATE", "p CLOSE", "c CREATE", "d UPDATE", "c CLOSE", "d CLOSE");
            assertThat(Harnesses.stateEntries(settling.harness)).isZero();
        }
    }

    @Test
    void aChildSpeaksOnceItIsAboutOthersToo() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("port-scan", "p", SCANNER), create("new-external-peer", "c", SCANNER));
            settling.at(120, update("new-external-peer", "c", List.of()));
            settling.at(180, update("new-external-peer", "c", List.of()));

            assertThat(settling.suppressed()).containsExactly("c CREATE by p");
            assertThat(settling.alerts()).containsExactly("p CREATE", "c CREATE", "c UPDATE");
            assertThat(settling.harness.extractOutputValues().get(1).status()).isEqualTo(Status.NEW);
            assertThat(settling.harness.extractOutputValues().get(1).message()).isEqualTo("t. r");
        }
    }

    @Test
    void aChildThatSpeaksIsAParentOfItsOwn() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("outbound-dos", "p", SCANNER), create("syn-flood", "c", SCANNER));
            settling.at(120, alert("outbound-dos", "p", Activity.CLOSE));
            settling.at(180, update("syn-flood", "c", SCANNER), create("reset-storm", "d", SCANNER));

            assertThat(settling.alerts()).containsExactly("p CREATE", "p CLOSE", "c CREATE");
            assertThat(settling.suppressed()).containsExactly("c CREATE by p", "d CREATE by c");
        }
    }

    @Test
    void aFindingThatIsGoneWithoutACloseMutesNobody() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("port-scan", "p", SCANNER), create("reject-burst", "c", SCANNER));
            settling.at(
                    120,
                    Ruling.silent(alert("port-scan", "p", Activity.CLOSE).alert()),
                    Ruling.silent(alert("reject-burst", "c", Activity.CLOSE).alert()));
            settling.at(180, create("reject-burst", "d", SCANNER));

            assertThat(settling.alerts()).containsExactly("p CREATE", "d CREATE");
            settling.at(240, alert("reject-burst", "d", Activity.CLOSE));
            assertThat(Harnesses.stateEntries(settling.harness)).isZero();
        }
    }

    @Test
    void whatItsOwnFamilyHeldBackMutesNobody() throws Exception {
        try (Settling settling = new Settling()) {
            Ruling dryRun = create("port-scan", "p", SCANNER);
            settling.at(60, new Ruling(dryRun.alert().suppressedBy("dry-run"), SCANNER));
            settling.at(120, create("reject-burst", "c", SCANNER));

            assertThat(settling.alerts()).containsExactly("c CREATE");
            assertThat(settling.suppressed()).containsExactly("p CREATE by dry-run");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theOrderOfArrivalDoesNotShow(long seed) throws Exception {
        List<Ruling> rulings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rulings.add(create(i % 2 == 0 ? "reject-burst" : "host-sweep", "f" + i, i % 3 == 0 ? SCANNER : OTHER));
        }
        List<String> expected;
        try (Settling settling = new Settling()) {
            settling.at(60, rulings.toArray(Ruling[]::new));
            expected = settling.suppressed();
        }
        Collections.shuffle(rulings, new Random(seed));

        try (Settling settling = new Settling()) {
            settling.at(60, rulings.toArray(Ruling[]::new));

            assertThat(settling.suppressed()).isNotEmpty().isEqualTo(expected);
        }
    }

    @Test
    void whatComesAheadOfOthersWaitsForItsMoment() throws Exception {
        try (Settling settling = new Settling()) {
            settling.send(120, create("reject-burst", "c", SCANNER));
            settling.reach(100);
            assertThat(settling.alerts()).isEmpty();

            settling.at(120, create("port-scan", "p", SCANNER));

            assertThat(settling.alerts()).containsExactly("p CREATE");
            assertThat(settling.suppressed()).containsExactly("c CREATE by p");
        }
    }

    @Test
    void oneJumpOverSeveralMomentsIsTheSameAsStepByStep() throws Exception {
        try (Settling settling = new Settling()) {
            settling.send(180, alert("port-scan", "p", Activity.CLOSE));
            settling.send(240, create("reject-burst", "d", SCANNER));
            settling.send(60, create("port-scan", "p", SCANNER));
            settling.send(120, create("reject-burst", "c", SCANNER));

            settling.reach(300);

            assertThat(settling.alerts()).containsExactly("p CREATE", "p CLOSE", "d CREATE");
            assertThat(settling.suppressed()).containsExactly("c CREATE by p");
        }
    }

    @Test
    void theEndOfTheInputIsGoneThroughMomentByMomentToo() throws Exception {
        try (Settling settling = new Settling()) {
            settling.send(60, create("port-scan", "p", SCANNER));
            settling.send(120, create("reject-burst", "c", SCANNER));

            Harnesses.advance(settling.harness, Long.MAX_VALUE);

            assertThat(settling.suppressed()).containsExactly("c CREATE by p");
            assertThat(Harnesses.stateEntries(settling.harness)).isZero();
        }
    }

    @Test
    void aParentWhoseRuleWasSwitchedOffMutesNobody() throws Exception {
        OperatorSubtaskState snapshot;
        try (Settling settling = new Settling()) {
            settling.at(60, create("port-scan", "p", SCANNER));
            snapshot = settling.harness.snapshot(1, 1);
        }

        try (Settling settling = new Settling(snapshot, Rules.load("rules: {port-scan: {mode: off}}", "rules.yaml"))) {
            settling.at(120, create("reject-burst", "c", SCANNER));

            assertThat(settling.alerts()).containsExactly("c CREATE");
            assertThat(Harnesses.stateEntries(settling.harness)).isZero();
        }
    }

    @Test
    void mutingGoesOnAfterARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (Settling settling = new Settling()) {
            settling.at(60, create("port-scan", "p", SCANNER), create("reject-burst", "c", SCANNER));
            settling.send(120, alert("reject-burst", "c", Activity.UPDATE));
            snapshot = settling.harness.snapshot(1, 1);
        }

        try (Settling settling = new Settling(snapshot)) {
            settling.at(120, create("reject-burst", "d", SCANNER));

            assertThat(settling.suppressed()).containsExactly("c UPDATE by p", "d CREATE by p");
        }
    }

    @Test
    void theAccountsCountWhatWasSaidAndWhatWasHeldBack() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("port-scan", "p", SCANNER), create("reject-burst", "c", SCANNER));
            settling.at(120, alert("port-scan", "p", Activity.CLOSE));

            Accounts total = settling.harness.getSideOutput(SettleFindings.ACCOUNTS).stream()
                    .map(StreamRecord::getValue)
                    .reduce(Accounts.NONE, Accounts::plus);
            assertThat(total.get(Accounts.ALERTS)).isEqualTo(1);
            assertThat(total.get("alerts_by_rule.port-scan")).isEqualTo(1);
            assertThat(total.get(Accounts.ALERT_MESSAGES)).isEqualTo(2);
            assertThat(total.get(Accounts.SUPPRESSED)).isEqualTo(1);
        }
    }

    @Test
    void nothingIsKeptAfterTheEndOfTheInput() throws Exception {
        try (Settling settling = new Settling()) {
            settling.at(60, create("port-scan", "p", SCANNER), create("reject-burst", "c", SCANNER));

            Harnesses.advance(settling.harness, Long.MAX_VALUE);

            assertThat(Harnesses.stateEntries(settling.harness)).isZero();
        }
    }

    private static Ruling create(String rule, String id, List<String> ties) {
        return new Ruling(alert(rule, id, Activity.CREATE).alert(), ties);
    }

    private static Ruling update(String rule, String id, List<String> ties) {
        return new Ruling(alert(rule, id, Activity.UPDATE).alert(), ties);
    }

    private static Ruling goesOn(String rule, String id, List<String> ties) {
        return Ruling.goesOn(alert(rule, id, Activity.UPDATE).alert(), ties);
    }

    private static Ruling alert(String rule, String id, Activity activity) {
        return Ruling.of(alert(rule, id, activity, 0, null));
    }

    /** The same at another moment. */
    private static Ruling of(Ruling ruling, long timeMillis) {
        Alert alert = ruling.alert();
        return new Ruling(
                alert(alert.rule().id(), alert.findingId(), alert.activity(), timeMillis, alert.suppressedBy()),
                ruling.ties(),
                null,
                ruling.hearing());
    }

    private static Alert alert(String rule, String id, Activity activity, long timeMillis, String suppressedBy) {
        return new Alert(
                activity,
                new Alert.Rule(rule, 1, rule, "d", Confidence.HIGH, "r", List.of()),
                id,
                null,
                List.of(new Alert.EntityField("originator", "198.51.100.7")),
                "t",
                "m",
                Severity.MEDIUM,
                Status.NEW,
                timeMillis,
                1,
                2,
                3,
                Map.of(),
                Map.of(),
                "v",
                List.of(),
                List.of(),
                false,
                null,
                Alert.NO_BASELINE,
                Map.of(),
                suppressedBy);
    }

    /** The operator alone. */
    private static final class Settling implements AutoCloseable {

        final KeyedBroadcastOperatorTestHarness<Integer, Ruling, RulesChange, Alert> harness;

        Settling() throws Exception {
            this(null);
        }

        Settling(OperatorSubtaskState snapshot) throws Exception {
            this(snapshot, Rules.defaults());
        }

        Settling(OperatorSubtaskState snapshot, Rules rules) throws Exception {
            harness = Harnesses.settling(rules, snapshot);
        }

        /** Sends what is certain at a second. */
        void send(long second, Ruling... rulings) throws Exception {
            for (Ruling ruling : rulings) {
                harness.processElement(new StreamRecord<>(of(ruling, (second - LAG) * 1_000)));
            }
        }

        void reach(long second) throws Exception {
            Harnesses.advance(harness, second * 1_000);
        }

        /** Sends what is certain at a second, and lets event time reach it. */
        void at(long second, Ruling... rulings) throws Exception {
            send(second, rulings);
            reach(second);
        }

        List<String> alerts() {
            return harness.extractOutputValues().stream()
                    .map(alert -> alert.findingId() + " " + alert.activity())
                    .toList();
        }

        List<String> suppressed() {
            var output = harness.getSideOutput(SettleFindings.SUPPRESSED);
            return output == null
                    ? List.of()
                    : output.stream()
                            .map(record -> record.getValue().findingId() + " "
                                    + record.getValue().activity() + " by "
                                    + record.getValue().suppressedBy())
                            .toList();
        }

        @Override
        public void close() throws Exception {
            harness.close();
        }
    }
}
