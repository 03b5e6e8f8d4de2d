package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Prevalence;
import io.flowsentinel.detect.rule.Beacon;
import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Severity;
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

class PrevalenceTest {

    private static final long HOUR = 3_600;
    private static final String AGENT = "203.0.113.9";
    private static final String STRANGER = "198.51.100.66";
    private static final String SHOP = "203.0.113.80";

    @Test
    void anEstateWideAgentIsNoHighFindingPerHost() throws Exception {
        List<Alert> creates = settled(estate(100, 100), "").stream()
                .filter(alert -> alert.activity() == Activity.CREATE)
                .toList();

        assertThat(creates).hasSize(101);
        assertThat(creates)
                .filteredOn(alert -> alert.severity() == Severity.HIGH)
                .singleElement()
                .satisfies(alert -> {
                    assertThat(Beacon.responder(alert)).isEqualTo(STRANGER);
                    assertThat(alert.title()).endsWith("score 91 %");
                    assertThat(alert.numbers()).doesNotContainKey("prevalence_percent");
                });
        assertThat(creates)
                .filteredOn(alert -> alert.severity() == Severity.MEDIUM)
                .hasSize(100)
                .allSatisfy(alert -> {
                    assertThat(alert.title()).endsWith("score 91 %, as do 100 % of the hosts");
                    assertThat(alert.message()).startsWith(alert.title() + ". ");
                    assertThat(alert.numbers())
                            .containsEntry("score_percent", 91L)
                            .containsEntry("prevalence_percent", 100L)
                            .containsEntry("lowered_score_percent", 76L);
                });
    }

    @Test
    void halfOfTheHostsAreEnoughAndFewerAreNot() throws Exception {
        assertThat(severities(estate(20, 10), "")).containsOnly(Severity.MEDIUM);
        assertThat(severities(estate(20, 9), "")).containsOnly(Severity.HIGH);
    }

    @Test
    void halfOfAHandfulOfHostsSaysNothing() throws Exception {
        assertThat(severities(estate(9, 9), "")).containsOnly(Severity.HIGH);
    }

    @Test
    void aSeverityOfTheRulesFileStays() throws Exception {
        assertThat(severities(estate(20, 20), "rules: {beacon: {severity: high}}"))
                .containsOnly(Severity.HIGH);
    }

    @Test
    void aSampleTellsHowManyOfThousandsDo() {
        assertThat(percents(3_000, 1)).containsOnlyKeys(SHOP, AGENT).containsEntry(SHOP, 100L);
        // A third is too few, whoever is in the sample.
        assertThat(percents(3_000, 3)).containsOnlyKeys(SHOP);
    }

    /** Whichever of them the crawler is, it leaves the others their place in the pane. */
    @Test
    void oneHostThatTalksToEverybodyDoesNotHideTheOthers() {
        List<Connections> traffic = new ArrayList<>();
        for (int host = 0; host < 30; host++) {
            traffic.add(from("10.0.0." + (1 + host), AGENT, 443).at(host));
        }
        for (int i = 0; i < 25_000; i++) {
            traffic.add(from("10.0.0.1", "198." + (18 + i % 2) + "." + i / 250 + "." + (1 + i % 250), 443)
                    .at(i % 3_000));
        }

        assertThat(told(traffic, 40_000))
                .anySatisfy(one -> assertThat(one.percents().get(AGENT)).isGreaterThanOrEqualTo(96L));
    }

    @Test
    void neitherOrderNorStepsShow() {
        List<Connections> traffic = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String host = "10." + i % 7 + "." + i % 90 + ".1";
            traffic.add(from(host, i % 3 == 0 ? SHOP : AGENT, 443).at(i * 20L).decided(i * 20L + i % 999));
        }
        List<Prevalence> expected = told(traffic, 40_000);
        assertThat(expected).isNotEmpty();
        Collections.shuffle(traffic, new Random(7));

        assertThat(told(traffic, 40_000)).isEqualTo(expected);
    }

    @Test
    void whatWasDecidedAtTheCreateStaysSoOverARestore() throws Exception {
        List<Ruling> rulings = rulings(estate(20, 20));
        List<Ruling> first = rulings.stream()
                .filter(ruling -> ruling.timeMillis() <= (T0 + 8 * HOUR) * 1_000)
                .toList();
        OperatorSubtaskState snapshot;
        try (var settling = settling("", null)) {
            send(settling, first);
            Harnesses.advance(settling, (T0 + 8 * HOUR + 200) * 1_000);
            snapshot = settling.snapshot(1, 1);
        }

        try (var settling = settling("", snapshot)) {
            send(
                    settling,
                    rulings.stream()
                            .filter(ruling -> !first.contains(ruling))
                            .filter(ruling -> ruling.alert() != null)
                            .toList());
            Harnesses.advance(settling, (T0 + 60 * HOUR) * 1_000);

            assertThat(settling.extractOutputValues())
                    .filteredOn(alert -> Beacon.responder(alert).equals(AGENT))
                    .isNotEmpty()
                    .allMatch(alert -> alert.severity() == Severity.MEDIUM);
            Harnesses.advance(settling, Long.MAX_VALUE);
            assertThat(Harnesses.stateEntries(settling)).isZero();
        }
    }

    /** So many hosts, so many of which have the agent, one of which calls a stranger as regularly. */
    private static List<Connections> estate(int hosts, int withAgent) {
        List<Connections> traffic = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            traffic.add(from("10.0.1." + host, SHOP, 443).at(host));
            for (int i = 0; i < 48; i++) {
                if (host < withAgent) {
                    traffic.add(from("10.0.1." + host, AGENT, 443).at(i * 600L));
                }
                if (host == 0) {
                    traffic.add(from("10.0.1." + host, STRANGER, 443).at(i * 600L));
                }
            }
        }
        return traffic;
    }

    /** Of so many hosts, of which every n-th has the agent. */
    private static Map<String, Long> percents(int hosts, int nth) {
        List<Connections> traffic = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            String address = "10.0." + host / 250 + "." + host % 250;
            traffic.add(from(address, SHOP, 443));
            if (host % nth == 0) {
                traffic.add(from(address, AGENT, 443));
            }
        }
        return told(traffic, 2 * HOUR).get(0).percents();
    }

    private static List<Prevalence> told(List<Connections> traffic, long until) {
        Detection detection = Detection.of(Families.HOST_CONTACTS);
        traffic.forEach(detection::see);
        return detection.until(until).rulings().stream().map(Ruling::prevalence).toList();
    }

    private static List<Severity> severities(List<Connections> traffic, String rules) throws Exception {
        return settled(traffic, rules).stream()
                .filter(alert -> Beacon.responder(alert).equals(AGENT))
                .map(Alert::severity)
                .toList();
    }

    private static List<Ruling> rulings(List<Connections> traffic) {
        Detection beacons = Detection.of(Families.BEACONS);
        Detection contacts = Detection.of(Families.HOST_CONTACTS);
        for (Connections one : traffic) {
            beacons.see(one);
            contacts.see(one);
        }
        List<Ruling> all = new ArrayList<>(beacons.until(50 * HOUR).rulings());
        all.addAll(contacts.until(50 * HOUR).rulings());
        Collections.shuffle(all, new Random(1));
        return all;
    }

    private static List<Alert> settled(List<Connections> traffic, String rules) throws Exception {
        try (var settling = settling(rules, null)) {
            send(settling, rulings(traffic));
            Harnesses.advance(settling, Long.MAX_VALUE);
            return settling.extractOutputValues();
        }
    }

    private static void send(
            KeyedBroadcastOperatorTestHarness<Integer, Ruling, RulesChange, Alert> settling, List<Ruling> rulings)
            throws Exception {
        for (Ruling ruling : rulings) {
            settling.processElement(new StreamRecord<>(ruling));
        }
    }

    private static KeyedBroadcastOperatorTestHarness<Integer, Ruling, RulesChange, Alert> settling(
            String rules, OperatorSubtaskState snapshot) throws Exception {
        return Harnesses.settling(Rules.load(rules, "rules.yaml"), snapshot);
    }
}
