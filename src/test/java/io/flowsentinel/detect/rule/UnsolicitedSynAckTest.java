package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class UnsolicitedSynAckTest {

    private static final String OWN = "10.0.1.5";
    private static final String PEER = "203.0.113.7";
    private static final long DONE = 20_000;

    @Test
    void rejectedSynAcksOfTwentyPeersAreBackscatter() {
        Detection detection = peers(20, UnsolicitedSynAckTest::rejected);

        detection.until(DONE);

        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("unsolicited-synack");
            assertThat(alert.severity()).isEqualTo(Severity.INFORMATIONAL);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("interface", "eni-web"));
            assertThat(alert.context()).containsEntry("kind", "backscatter");
            assertThat(alert.title())
                    .isEqualTo("Backscatter: eni-web received SYN-ACKs of 20 peers that nobody had called");
            assertThat(alert.numbers()).containsEntry("peers", 20L);
            assertThat(alert.timeMillis()).isEqualTo((T0 + 60) * 1000);
        });
    }

    @Test
    void acceptedSynAcksAreBackscatterToo() {
        assertThat(alertsOf(peers(20, UnsolicitedSynAckTest::accepted))).isNotEmpty();
    }

    @Test
    void nineteenPeersWithFourConnectionsEachAreNothing() {
        Detection detection = Detection.of(UnsolicitedSynAck.FAMILY);
        for (int i = 0; i < 19 * 4; i++) {
            detection.see(rejected(from(OWN, "203.0.113." + i % 19, 443).sourcePort(40_000 + i / 19)));
        }

        assertThat(alertsOf(detection)).isEmpty();
    }

    @Test
    void fiveConnectionsOfOnePeerAreAnAsymmetricPath() {
        Detection detection = tuples(5, UnsolicitedSynAckTest::accepted);

        detection.until(DONE);

        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.LOW);
            assertThat(alert.entity()).containsExactly(new EntityField("interface", "eni-web"));
            assertThat(alert.context()).containsEntry("kind", "asymmetric path");
            assertThat(alert.title())
                    .isEqualTo("Asymmetric path: eni-web received SYN-ACKs of 1 peer for 5 connections"
                            + " whose SYNs it did not send");
            assertThat(alert.numbers()).containsEntry("asymmetric_peers", 1L).containsEntry("tuples", 5L);
        });
    }

    @Test
    void oneConnectionRepeatedIsNone() {
        Detection detection = Detection.of(UnsolicitedSynAck.FAMILY);
        for (int i = 0; i < 30; i++) {
            detection.see(accepted(from(OWN, PEER, 443).at(i * 10L)));
        }

        assertThat(alertsOf(detection)).isEmpty();
    }

    @Test
    void portsOfThePeerTellConnectionsApartToo() {
        Detection detection = Detection.of(UnsolicitedSynAck.FAMILY);
        for (int port = 1; port <= 5; port++) {
            detection.see(accepted(from(OWN, PEER, port)));
        }

        assertThat(alertsOf(detection)).isNotEmpty();
    }

    @Test
    void thePathIsToldWhereBothHoldWhicheverComesLast() {
        Detection pathLast = peers(20, UnsolicitedSynAckTest::rejected);
        Detection scatterLast = tuples(5, UnsolicitedSynAckTest::accepted);
        for (int i = 0; i < 20; i++) {
            pathLast.see(accepted(from(OWN, PEER, 443).sourcePort(50_000 + i).at(120)));
            scatterLast.see(rejected(from(OWN, "198.51.100." + i, 443).at(1_800)));
        }

        pathLast.until(DONE);
        scatterLast.until(DONE);

        assertThat(pathLast.alerts())
                .extracting(Alert::activity, Alert::severity, alert -> alert.context()
                        .get("kind"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Activity.CREATE, Severity.INFORMATIONAL, "backscatter"),
                        org.assertj.core.groups.Tuple.tuple(Activity.UPDATE, Severity.LOW, "asymmetric path"),
                        org.assertj.core.groups.Tuple.tuple(Activity.CLOSE, Severity.LOW, "asymmetric path"));
        assertThat(scatterLast.alerts())
                .filteredOn(alert -> alert.activity() == Activity.CLOSE)
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.context()).containsEntry("kind", "asymmetric path");
                    assertThat(alert.title()).startsWith("Asymmetric path: eni-web received SYN-ACKs of 1 peer for 5");
                    assertThat(alert.numbers()).containsEntry("peers", 20L);
                });
    }

    @Test
    void moreThanTheWindowIsTooSlow() {
        Detection detection = Detection.of(UnsolicitedSynAck.FAMILY);
        for (int i = 0; i < 100; i++) {
            detection.see(rejected(from(OWN, "203.0.113." + i, 443).at(i * 60L)));
        }

        assertThat(alertsOf(detection)).isEmpty();
    }

    @Test
    void interfacesAreToldApart() {
        Detection detection = Detection.of(UnsolicitedSynAck.FAMILY);
        for (int i = 0; i < 20; i++) {
            detection.see(from(OWN, "203.0.113." + i, 443)
                    .answerOnly()
                    .state(ConnState.OTH)
                    .verdict(Verdict.UNSOLICITED_REJECT)
                    .saw("eni-" + i % 2, false, Action.REJECT, 18, FlowDirection.INGRESS));
        }

        assertThat(alertsOf(detection)).isEmpty();
    }

    @Test
    void answersOfOnesOwnToASynThatIsNotLoggedGoOut() {
        assertNothing(one -> one.answerOnly()
                .state(ConnState.SHR)
                .with(Trait.UNSOLICITED_SYNACK)
                .saw("eni-web", false, Action.ACCEPT, 18, FlowDirection.EGRESS));
    }

    @Test
    void aHandshakeIsNotUnsolicited() {
        assertNothing(one -> one.saw("eni-web", true, Action.ACCEPT, 2, FlowDirection.EGRESS)
                .saw("eni-web", false, Action.ACCEPT, 18, FlowDirection.INGRESS));
    }

    @Test
    void whereRecordsWereLostNothingIsSaid() {
        assertNothing(one -> accepted(one).with(Trait.COVERAGE_GAP));
        assertNothing(one -> rejected(one).with(Trait.COVERAGE_GAP));
    }

    @Test
    void theSynMayBeInWhatComesAfterTheEndOfTheInput() {
        assertNothing(one -> accepted(one).ended(EndReason.END_OF_INPUT));
    }

    @Test
    void withoutFlowDirectionTheNetworksTellTheWay() {
        UnaryOperator<Connections> undirected = one -> one.answerOnly()
                .state(ConnState.SHR)
                .with(Trait.UNSOLICITED_SYNACK)
                .saw("eni-web", false, Action.ACCEPT, 18, FlowDirection.ABSENT);
        Detection outward = Detection.of(UnsolicitedSynAck.FAMILY);
        for (int i = 0; i < 30; i++) {
            outward.see(undirected.apply(from("203.0.113." + i, OWN, 443)));
        }

        assertThat(alertsOf(peers(20, undirected))).isNotEmpty();
        assertThat(alertsOf(outward)).isEmpty();
    }

    @Test
    void anAllowedPeerIsSuppressed() {
        Detection detection = Detection.of(
                UnsolicitedSynAck.FAMILY,
                "rules: {unsolicited-synack: {allow: [{destination: 203.0.113.7, reason: two ways out}]}}");
        for (int i = 0; i < 5; i++) {
            detection.see(accepted(from(OWN, PEER, 443).sourcePort(50_000 + i)));
        }

        detection.until(DONE);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsOnly("allow destination=203.0.113.7 reason=two ways out");
    }

    @Test
    void neitherArrivalOrderNorWatermarkStepsShow() {
        List<Connections> connections = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            connections.add(rejected(from(OWN, "203.0.113." + i % 25, 443)
                    .sourcePort(40_000 + i)
                    .at(i * 30L)
                    .decided(3_000)));
        }
        List<Alert> expected = run(connections, 60);
        Collections.shuffle(connections, new Random(1));

        assertThat(expected).isNotEmpty();
        assertThat(run(connections, 4_000)).isEqualTo(expected);
    }

    private static List<Alert> run(List<Connections> connections, int step) {
        Detection detection = Detection.of(UnsolicitedSynAck.FAMILY);
        connections.forEach(detection::see);
        for (long now = 0; now <= DONE; now += step) {
            detection.until(now);
        }
        return detection.until(DONE).all();
    }

    private static void assertNothing(UnaryOperator<Connections> kind) {
        assertThat(alertsOf(peers(50, kind))).isEmpty();
        assertThat(alertsOf(tuples(50, kind))).isEmpty();
    }

    private static List<Alert> alertsOf(Detection detection) {
        return detection.until(DONE).all();
    }

    private static Detection peers(int count, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(UnsolicitedSynAck.FAMILY);
        for (int i = 0; i < count; i++) {
            detection.see(kind.apply(from(OWN, "203.0.113." + i, 443)));
        }
        return detection;
    }

    private static Detection tuples(int count, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(UnsolicitedSynAck.FAMILY);
        for (int i = 0; i < count; i++) {
            detection.see(kind.apply(from(OWN, PEER, 443).sourcePort(50_000 + i)));
        }
        return detection;
    }

    private static Connections rejected(Connections connection) {
        return connection
                .answerOnly()
                .state(ConnState.OTH)
                .verdict(Verdict.UNSOLICITED_REJECT)
                .saw("eni-web", false, Action.REJECT, 18, FlowDirection.INGRESS);
    }

    private static Connections accepted(Connections connection) {
        return connection
                .answerOnly()
                .state(ConnState.SHR)
                .with(Trait.UNSOLICITED_SYNACK)
                .saw("eni-web", false, Action.ACCEPT, 18, FlowDirection.INGRESS);
    }
}
