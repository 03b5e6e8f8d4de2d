package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Connections.interfaceOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.AnyOrder;
import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewExternalPeerTest {

    private static final String WATCHED = "scope: {subnets: [subnet-1]}\n";
    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.9";
    private static final Observer WEB = interfaceOf("web", "subnet-1");
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long LEARNED = 9 * DAY;

    @Test
    void theVeryFirstPeerLetInToAWatchedSubnetIsAFinding() {
        Detection detection = known(WATCHED).see(letIn(PEER, LEARNED)).see(letIn(PEER, LEARNED + 9));

        detection.until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("new-external-peer");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("subnet", "subnet-1"));
            assertThat(alert.title())
                    .isEqualTo(
                            "New external peers: subnet-1 let in 1 public peer (203.0.113.9) not seen before, 2 connections");
            assertThat(alert.numbers()).containsEntry("peers", 1L).containsEntry("connections", 2L);
            assertThat(alert.context()).containsEntry("peers", PEER);
            assertThat(alert.anomaly())
                    .isEqualTo(new Anomaly("public peers let in to the subnet", PEER, "not in the 60 days before"));
            assertThat(alert.baselineSinceMillis()).isEqualTo(T0 * 1_000);
        });
    }

    @Test
    void withoutWatchedSubnetsTheRuleIsOff() {
        Detection detection = known("").see(letIn(PEER, LEARNED));

        assertThat(detection.keysKept()).isZero();
        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void otherSubnetsAreNotWatched() {
        Detection detection = known("baseline: {days: 0, hours: 0}\nscope: {subnets: [subnet-2]}\n");

        assertThat(detection.see(letIn(PEER, LEARNED)).until(LEARNED + DAY).all())
                .isEmpty();
    }

    @Test
    void internalPeersRejectedOnesAndThoseTheSubnetCallsAreNone() {
        Detection detection = known(WATCHED)
                .see(letIn("10.7.0.1", LEARNED))
                .see(from(PEER, HOST, 22).responderLogged(WEB).at(LEARNED).denied())
                .see(from(PEER, HOST, 22).responderLogged(WEB).at(LEARNED).saw("eni-web", true, Action.REJECT, 2))
                .see(from(HOST, PEER, 22).originatorLogged(WEB).at(LEARNED).saw("eni-web", true, Action.ACCEPT, 2));

        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
    }

    @Test
    void anAcceptedAttemptIsEnough() {
        Detection detection = known(WATCHED)
                .see(letIn(PEER, LEARNED).state(Connection.ConnState.S0).packets(1, 0));

        assertThat(detection.until(LEARNED + 2 * HOUR).alerts()).hasSize(1);
    }

    @Test
    void aGuessOfWhoBeganAccusesNobody() {
        Detection detection = known(WATCHED)
                .see(letIn(PEER, LEARNED).guessed())
                .see(letIn(PEER, LEARNED).protocol(FlowRecord.ICMP).evidence(DirectionEvidence.NONE));

        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
        assertThat(known(WATCHED)
                        .see(letIn(PEER, LEARNED).protocol(FlowRecord.UDP))
                        .until(LEARNED + 2 * HOUR)
                        .alerts())
                .hasSize(1);
    }

    @Test
    void aPeerIsKnownForSixtyDaysAndNewAgainAfter() {
        assertThat(again(59).creates()).hasSize(1);
        assertThat(again(61).creates()).hasSize(2);
    }

    @Test
    void nothingIsSaidBeforeTheSubnetIsKnown() {
        Detection detection = Detection.of(NewExternalPeer.FAMILY, WATCHED);
        stayThere(detection, 0, 6 * 24);

        detection.see(letIn(PEER, 6 * DAY));

        assertThat(detection.until(6 * DAY + 3 * HOUR).all()).isEmpty();
    }

    @Test
    void anAllowedPeerGoesToTheSuppressedFeed() {
        Detection detection =
                known(WATCHED + "rules: {new-external-peer: {allow: [{source: 203.0.113.0/24, reason: partner}]}}");

        detection.see(letIn(PEER, LEARNED)).until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow source=203.0.113.0/24 reason=partner");
    }

    @Test
    void neitherOrderNorWatermarkStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int hour = 0; hour < 9 * 24; hour++) {
            connections.add(
                    present(hour).decided(hour * HOUR + 300 + hour % 9 * 500L).close());
        }
        for (int i = 0; i < 30; i++) {
            long at = LEARNED + i * 3_000L;
            connections.add(letIn("203.0.113." + i % 20, at)
                    .decided(at + 300 + i % 7 * 900L)
                    .close());
        }

        AnyOrder.givesTheSameAlerts(
                () -> Detection.of(NewExternalPeer.FAMILY, WATCHED), connections, LEARNED + 5 * DAY);
    }

    private static Detection again(int days) {
        Detection detection = known(WATCHED).see(letIn(PEER, LEARNED));
        stayThere(detection, 9 * 24, (9 + days) * 24 + 24);
        return detection.see(letIn(PEER, LEARNED + days * DAY)).until(LEARNED + days * DAY + 3 * HOUR);
    }

    private static Connections letIn(String peer, long at) {
        return from(peer, HOST, 22).responderLogged(WEB).at(at).saw("eni-web", true, Action.ACCEPT, 2);
    }

    private static Detection known(String rules) {
        Detection detection = Detection.of(NewExternalPeer.FAMILY, rules);
        stayThere(detection, 0, 9 * 24);
        return detection;
    }

    private static void stayThere(Detection detection, int from, int to) {
        for (int hour = from; hour < to; hour++) {
            detection.see(present(hour));
        }
    }

    /** A connection at the one moment of sixteen that tells that the subnet is there. */
    private static Connections present(int hour) {
        long at = hour * HOUR;
        return from(HOST, "10.0.9.9", 443)
                .originatorLogged(WEB)
                .at(at + Math.floorMod(-(T0 + at + 40_443), 16))
                .saw("eni-web", true, Action.ACCEPT, 3);
    }
}
