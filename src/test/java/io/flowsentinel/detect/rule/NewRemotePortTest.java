package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Connections.gateway;
import static io.flowsentinel.detect.judging.Connections.interfaceOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.AnyOrder;
import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class NewRemotePortTest {

    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.9";
    private static final Observer WEB = interfaceOf("web", "subnet-1");
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long LEARNED = 9 * DAY;

    @Test
    void threeConnectionsToAPortTheRoleHasNotUsedAreAFinding() {
        Detection detection = connections(known(), 3, connection -> connection);

        detection.until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("new-remote-port");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("subnet", "web"));
            assertThat(alert.title())
                    .isEqualTo(
                            "New remote ports: role web connected to 1 port (TCP 4444) not used before, 3 connections");
            assertThat(alert.numbers()).containsEntry("ports", 1L).containsEntry("connections", 3L);
            assertThat(alert.context()).containsEntry("ports", "TCP 4444");
            assertThat(alert.anomaly())
                    .isEqualTo(
                            new Anomaly("remote ports the role connects to", "TCP 4444", "not in the 14 days before"));
            assertThat(alert.baselineSinceMillis()).isEqualTo(T0 * 1_000);
            assertThat(alert.timeMillis()).isEqualTo((T0 + LEARNED + HOUR) * 1_000);
        });
    }

    @Test
    void whatIsListedIsWhatIsCountedWhateverCameLater() {
        Detection detection = connections(known(), 3, connection -> connection);
        for (int port = 0; port < 20; port++) {
            for (int i = 0; i < 3; i++) {
                detection.see(
                        from(HOST, PEER, 5_000 + port).originatorLogged(WEB).at(LEARNED + 7 * HOUR + i));
            }
        }
        // A day later the first port is known, and the others are not.
        Alert last = detection
                .until(LEARNED + 26 * HOUR)
                .alerts()
                .get(detection.alerts().size() - 1);

        assertThat(last.numbers()).containsEntry("ports", 21L);
        assertThat(last.title()).contains("21 ports (TCP 4444, TCP 5000, TCP 5001 and 18 more)");
        assertThat(last.context().get("ports")).startsWith("TCP 4444, TCP 5000").endsWith("TCP 5008 and 11 more");
        assertThat(last.anomaly().observed()).isEqualTo(last.context().get("ports"));
        assertThat(last.context()).containsEntry("role", "web");
    }

    @Test
    void twoConnectionsAreNot() {
        assertNothing(connections(known(), 2, connection -> connection));
    }

    @Test
    void connectionsOfTwoMachinesOfTheRoleAddUpButNotThoseToTwoPorts() {
        Detection machines = known();
        Detection ports = known();
        for (int i = 0; i < 3; i++) {
            machines.see(from("10.0.1." + i, PEER, 4_444).originatorLogged(WEB).at(LEARNED + i));
            ports.see(from(HOST, PEER, 4_444 + i).originatorLogged(WEB).at(LEARNED + i));
        }

        assertThat(machines.until(LEARNED + 2 * HOUR).alerts()).hasSize(1);
        assertNothing(ports);
    }

    @Test
    void whatFailedIsNoUse() {
        assertNothing(connections(known(), 50, Connections::unanswered));
        assertNothing(connections(known(), 50, Connections::denied));
    }

    @Test
    void whatTheRoleAnsweredIsNoUse() {
        Detection detection = known();
        for (int i = 0; i < 50; i++) {
            detection.see(from(PEER, HOST, 4_444).responderLogged(WEB).at(LEARNED + i));
        }

        assertNothing(detection);
    }

    @Test
    void tcpWhoseHandshakeWasNotLoggedIsNoUse() {
        assertNothing(connections(known(), 50, Connections::guessed));
    }

    @Test
    void udpCountsWherePacketsWentBothWaysAndOtherProtocolsDoNot() {
        Detection both = connections(known(), 3, connection -> connection.protocol(FlowRecord.UDP));

        assertThat(both.until(LEARNED + 2 * HOUR).alerts())
                .singleElement()
                .satisfies(alert -> assertThat(alert.context()).containsEntry("ports", "UDP 4444"));
        assertNothing(connections(
                known(), 9, connection -> connection.protocol(FlowRecord.UDP).state(ConnState.S0)));
        assertNothing(connections(
                known(), 9, connection -> connection.protocol(FlowRecord.UDP).verdict(Verdict.DENIED)));
        assertNothing(connections(known(), 9, connection -> connection.protocol(FlowRecord.SCTP)));
    }

    @Test
    void whatOneRoleUsesIsNewForAnother() {
        Detection detection = known();
        learn(detection, "app", 5_432);
        learn(detection, "app", 443);

        connections(detection, 3, connection -> connection);
        for (int i = 0; i < 3; i++) {
            detection.see(from("10.0.3.1", PEER, 443)
                    .originatorLogged(interfaceOf("app", "subnet-2"))
                    .at(LEARNED + i));
            detection.see(from(HOST, PEER, 5_432).originatorLogged(WEB).at(LEARNED + i));
        }

        assertThat(detection.until(LEARNED + 2 * HOUR).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.entity()).containsExactly(new EntityField("subnet", "web"));
            assertThat(alert.context()).containsEntry("ports", "TCP 4444, TCP 5432");
            assertThat(alert.numbers()).containsEntry("ports", 2L).containsEntry("connections", 6L);
        });
    }

    @Test
    void aPortIsKnownForTwoWeeksAndNewAgainAfter() {
        assertThat(again(13).creates()).isEmpty();
        assertThat(again(15).creates()).hasSize(1);
    }

    @Test
    void theEpisodeLastsADayAfterThePortIsNewNoMore() {
        Detection detection = connections(known(), 3, connection -> connection);
        learnUntil(detection, 9 * 24, 14 * 24);

        detection.until(14 * DAY);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.alerts().get(detection.alerts().size() - 1)).satisfies(alert -> {
            assertThat(alert.activity()).isEqualTo(Activity.CLOSE);
            assertThat(alert.timeMillis()).isEqualTo((T0 + LEARNED + 2 * DAY) * 1_000);
        });
    }

    @Test
    void nothingIsSaidBeforeTheBaselineIsReached() {
        Detection detection = Detection.of(RoleRouter.FAMILY);
        learnUntil(detection, 0, 6 * 24);
        for (int i = 0; i < 3; i++) {
            detection.see(from(HOST, PEER, 4_444).originatorLogged(WEB).at(6 * DAY + i));
        }

        assertThat(detection.until(6 * DAY + 5 * HOUR).all()).isEmpty();
    }

    @Test
    void anAllowedPortGoesToTheSuppressedFeed() {
        Detection detection =
                Detection.of(RoleRouter.FAMILY, "rules: {new-remote-port: {allow: [{port: 4444, reason: release}]}}");
        learnUntil(detection, 0, 9 * 24);

        connections(detection, 3, connection -> connection).until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow port=4444 reason=release");
    }

    @Test
    void aGatewayIsHeldBackWhereTheInnerPairIsLoggedAndElseNamed() {
        String known = "baseline: {days: 0, hours: 0}";
        Detection inner = Detection.of(RoleRouter.FAMILY, known);
        Detection alone = Detection.of(RoleRouter.FAMILY, known);
        for (int i = 0; i < 3; i++) {
            inner.see(from(HOST, PEER, 4_444)
                    .originatorLogged(WEB)
                    .through("10.0.0.220")
                    .at(i));
            for (Detection detection : List.of(inner, alone)) {
                detection.see(from("10.0.0.220", PEER, 4_444)
                        .originatorLogged(gateway("subnet-nat"))
                        .at(i));
            }
        }

        inner.until(2 * HOUR);
        alone.until(2 * HOUR);

        assertThat(inner.alerts()).extracting(Alert::entity).containsExactly(List.of(new EntityField("subnet", "web")));
        assertThat(inner.suppressed()).extracting(Alert::suppressedBy).containsExactly("translated");
        assertThat(alone.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.entity())
                    .containsExactly(
                            new EntityField("endpoint", "10.0.0.220"), new EntityField("subnet", "subnet-nat"));
            assertThat(alert.context()).containsEntry("translated", "true");
        });
    }

    @Test
    void neitherOrderNorWatermarkStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int hour = 0; hour < 9 * 24; hour++) {
            connections.add(from(HOST, PEER, 443)
                    .originatorLogged(WEB)
                    .at(hour * HOUR)
                    .decided(hour * HOUR + 200 + hour % 9 * 500L)
                    .close());
        }
        for (int i = 0; i < 30; i++) {
            long at = LEARNED + i * 2_000L;
            connections.add(from(HOST, PEER, 4_444 + i % 5)
                    .originatorLogged(WEB)
                    .at(at)
                    .decided(at + 200 + i % 9 * 900L)
                    .close());
        }

        AnyOrder.givesTheSameAlerts(() -> Detection.of(RoleRouter.FAMILY), connections, LEARNED + 5 * DAY);
    }

    /** The port is used once on the tenth day, and three times so many days later. */
    private static Detection again(int days) {
        Detection detection =
                known().see(from(HOST, PEER, 4_444).originatorLogged(WEB).at(LEARNED));
        learnUntil(detection, 9 * 24, (9 + days) * 24 + 24);
        for (int i = 0; i < 3; i++) {
            detection.see(from(HOST, PEER, 4_444).originatorLogged(WEB).at(LEARNED + days * DAY + i));
        }
        return detection.until(LEARNED + days * DAY + 3 * HOUR);
    }

    private static void assertNothing(Detection detection) {
        assertThat(detection.until(LEARNED + 3 * DAY).all()).isEmpty();
    }

    private static Detection connections(Detection detection, int many, UnaryOperator<Connections> kind) {
        for (int i = 0; i < many; i++) {
            detection.see(
                    kind.apply(from(HOST, PEER, 4_444).originatorLogged(WEB).at(LEARNED + i)));
        }
        return detection;
    }

    private static Detection known() {
        Detection detection = Detection.of(RoleRouter.FAMILY);
        learnUntil(detection, 0, 9 * 24);
        return detection;
    }

    private static void learnUntil(Detection detection, int from, int to) {
        for (int hour = from; hour < to; hour++) {
            detection.see(from(HOST, PEER, 443).originatorLogged(WEB).at(hour * HOUR));
        }
    }

    private static void learn(Detection detection, String role, int port) {
        for (int hour = 0; hour < 9 * 24; hour++) {
            detection.see(from("10.0.3.1", PEER, port)
                    .originatorLogged(interfaceOf(role, "subnet-2"))
                    .at(hour * HOUR));
        }
    }
}
