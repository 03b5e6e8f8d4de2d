package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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
import io.flowsentinel.model.FlowRecord;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PortScanTest {

    private static final String SCANNER = "198.51.100.7";
    private static final String TARGET = "10.0.1.5";
    private static final long DONE = 1_200;

    @Test
    void twentyFiveUnansweredPortsOfOneResponderAreAPortScan() {
        Detection detection = scan(25, Connections::unanswered);

        detection.until(DONE);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("port-scan");
            assertThat(alert.activity()).isEqualTo(Activity.CREATE);
            assertThat(alert.severity()).isEqualTo(Severity.INFORMATIONAL);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity())
                    .containsExactly(new EntityField("originator", SCANNER), new EntityField("responder", TARGET));
            assertThat(alert.title()).isEqualTo("Port scan: 198.51.100.7 failed on 25 ports of 10.0.1.5, 0 answered");
            assertThat(alert.numbers()).containsEntry("ports", 25L).containsEntry("answered", 0L);
            assertThat(alert.count()).isEqualTo(25);
            assertThat(alert.timeMillis()).isEqualTo((T0 + 60) * 1000);
            assertThat(alert.firstSeenMillis()).isEqualTo(T0 * 1000);
            assertThat(alert.lastSeenMillis()).isEqualTo((T0 + 24) * 1000);
            assertThat(alert.connections()).hasSize(Alert.MAX_EVIDENCE);
            assertThat(alert.connections().get(0).start()).isEqualTo(T0);
            assertThat(alert.records()).hasSize(Alert.MAX_EVIDENCE);
            assertThat(alert.thresholds()).containsEntry("external", 25.0).containsEntry("internal", 50.0);
        });
    }

    @Test
    void equalAddressesInTwoVpcsAreTwoHosts() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int port = 1; port <= 24; port++) {
            detection.see(from(SCANNER, TARGET, port).scope("vpc-1").unanswered());
            detection.see(from(SCANNER, TARGET, port).scope("vpc-2").unanswered());
        }
        assertThat(detection.until(DONE).all()).isEmpty();
        for (String vpc : new String[] {"vpc-1", "vpc-2"}) {
            detection.see(from(SCANNER, TARGET, 25).scope(vpc).at(DONE - 500).unanswered());
        }

        assertThat(detection.until(2 * DONE).creates()).isEmpty();
    }

    @Test
    void oneScannerOfEqualAddressesInTwoVpcsIsTwoFindingsOfWhichTheSecondIsPartOfAScan() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int port = 1; port <= 25; port++) {
            detection.see(from(SCANNER, TARGET, port).scope("vpc-1").unanswered());
            detection.see(from(SCANNER, TARGET, port).scope("vpc-2").unanswered());
        }

        detection.until(DONE);

        assertThat(detection.creates())
                .extracting(alert -> alert.rule().id(), Alert::scope)
                .containsExactly(tuple("port-scan", "vpc-1"), tuple("mixed-scan", null));
        assertThat(detection.creates().get(1).numbers()).containsEntry("pairs", 50L);
        assertThat(detection.suppressed()).extracting(Alert::scope).contains("vpc-2");
    }

    @Test
    void evidenceSaysWhichSideIsInternalAnInterfaceOfItsOwnIncluded() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int port = 1; port <= 25; port++) {
            detection.see(from(SCANNER, "203.0.113.9", port).unanswered().responderLogged());
        }

        detection.until(DONE);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> assertThat(alert.connections())
                .allMatch(evidence -> evidence.responder().internal()
                        && !evidence.originator().internal()));
    }

    @Test
    void twentyFourPortsAreNot() {
        Detection detection = scan(24, Connections::unanswered);

        detection.until(DONE);

        assertThat(detection.all()).isEmpty();
    }

    @Test
    void everyKindOfFailureCounts() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int port = 1; port <= 5; port++) {
            detection.see(from(SCANNER, TARGET, port).unanswered());
            detection.see(from(SCANNER, TARGET, 10 + port).denied());
            detection.see(from(SCANNER, TARGET, 20 + port).state(ConnState.REJ).packets(1, 1));
            detection.see(
                    from(SCANNER, TARGET, 30 + port).state(ConnState.RSTOS0).packets(2, 0));
            detection.see(from(SCANNER, TARGET, 40 + port).state(ConnState.SH).packets(2, 0));
        }

        detection.until(DONE);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("ports", 25L));
    }

    @Test
    void anAnswerBeforeBothSidesResetIsAnAnswer() {
        Detection detection = scan(25, Connections::unanswered);

        detection.see(from(SCANNER, TARGET, 99)
                .state(ConnState.REJ)
                .packets(2, 2)
                .saw("eni-web", true, Action.ACCEPT, 6)
                .saw("eni-web", false, Action.ACCEPT, 22));
        detection.until(DONE);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.numbers()).containsEntry("ports", 26L).containsEntry("answered", 1L);
        });
    }

    @Test
    void aScannerThatGotAnAnswerIsMedium() {
        Detection detection = scan(25, Connections::unanswered);

        detection.see(
                from(SCANNER, TARGET, 22).answered().at(5).state(ConnState.RSTO).packets(3, 1));
        detection.until(DONE);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.title()).endsWith("1 answered (22)");
        });
    }

    @Test
    void anInternalOriginatorNeedsFiftyPortsAndIsHigh() {
        Detection few = scanFrom("10.0.9.9", 49, Connections::unanswered).until(DONE);
        Detection enough = scanFrom("10.0.9.9", 50, Connections::unanswered).until(DONE);

        assertThat(few.all()).isEmpty();
        assertThat(enough.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
        });
    }

    @Test
    void aPortWithACompletedConnectionIsTakenOut() {
        Detection detection = scan(25, Connections::unanswered);

        detection.see(from(SCANNER, TARGET, 1_010).answered().at(10));
        detection.until(DONE);

        assertThat(detection.all()).isEmpty();
    }

    @Test
    void aPortIsCountedAgainOnceTheCompletedConnectionHasLeftTheWindow() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        detection.see(from(SCANNER, TARGET, 1_010).answered().at(0));
        for (int i = 0; i < 25; i++) {
            detection.see(from(SCANNER, TARGET, 1_000 + i).unanswered().at(300 + i));
        }

        detection.until(3_000);

        assertThat(detection.creates()).singleElement().satisfies(alert -> assertThat(alert.timeMillis())
                .isEqualTo((T0 + 16 * 60) * 1000));
    }

    @Test
    void portsGuessedFromPortsAccuseNobody() {
        assertNothing(connection -> connection.unanswered().guessed());
    }

    @Test
    void aDirectionThatIsNotLoggedAccusesNobody() {
        assertNothing(connection -> connection.unanswered().with(Trait.ONE_SIDED));
    }

    @Test
    void theEndOfTheInputIsNoFailure() {
        assertNothing(connection -> connection.unanswered().ended(EndReason.END_OF_INPUT));
    }

    @Test
    void silenceWhereRecordsWereLostIsNoFailure() {
        assertNothing(connection -> connection.unanswered().with(Trait.COVERAGE_GAP));
    }

    @Test
    void rejectedRepliesAreNoFailureOfEstablishedConnections() {
        assertNothing(connection -> connection.state(ConnState.S1).verdict(Verdict.STALE_REJECT));
    }

    @Test
    void rejectedUdpIsCountedApart() {
        Detection mixed = Detection.of(ScanRouter.FAMILY);
        Detection udp = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 25; i++) {
            Connections rejected = from(SCANNER, TARGET, 1_000 + i)
                    .protocol(FlowRecord.UDP)
                    .state(ConnState.S0)
                    .verdict(Verdict.DENIED)
                    .saw("eni-web", true, Action.REJECT, 0);
            udp.see(rejected);
            mixed.see(i < 12 ? rejected : from(SCANNER, TARGET, 1_000 + i).unanswered());
        }

        assertThat(mixed.until(DONE).all()).isEmpty();
        assertThat(udp.until(DONE).alerts()).singleElement().satisfies(alert -> assertThat(alert.title())
                .isEqualTo("Port scan: 198.51.100.7 failed on 25 UDP ports of 10.0.1.5, 0 answered"));
    }

    @Test
    void lateUdpRepliesOfAResolverAccuseNobody() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 60; i++) {
            detection.see(from(TARGET, "8.8.8.8", 1_000 + i)
                    .protocol(FlowRecord.UDP)
                    .state(ConnState.SHR)
                    .verdict(Verdict.DENIED)
                    .saw("eni-web", false, Action.REJECT, 0));
        }

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void onlyClosedConnectionsAreJudged() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 60; i++) {
            detection.see(
                    from(SCANNER, TARGET, 1_000 + i).unanswered().build(io.flowsentinel.model.Connection.Event.UPDATE));
        }

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void attemptsSpreadOverMoreThanTheWindowAreNotAPortScan() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 60; i++) {
            detection.see(from(SCANNER, TARGET, 1_000 + i).unanswered().at(i * 40L));
        }

        assertThat(detection.until(10_000).all()).isEmpty();
    }

    @Test
    void aConnectionThatBecomesCertainLateIsCountedInThePaneThenJudged() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 25; i++) {
            detection.see(from(SCANNER, TARGET, 1_000 + i).unanswered().decided(i == 0 ? 271 : 100));
        }

        detection.until(DONE);

        // The pane from 0 to 60 is judged at 210, so 271 enters the pane from 120 to 180, judged at 330.
        assertThat(detection.alerts()).singleElement().satisfies(alert -> assertThat(alert.timeMillis())
                .isEqualTo((T0 + 180) * 1000));
    }

    @Test
    void aPaneIsNotJudgedBeforeEventTimeHasPassedIt() {
        Detection detection = scan(25, Connections::unanswered);

        assertThat(detection.until(209).all()).isEmpty();
        assertThat(detection.until(210).all()).hasSize(1);
    }

    private static void assertNothing(UnaryOperator<Connections> kind) {
        Detection detection = scan(300, kind).until(DONE);

        assertThat(detection.all()).isEmpty();
    }

    private static Detection scan(int ports, UnaryOperator<Connections> kind) {
        return scanFrom(SCANNER, ports, kind);
    }

    private static Detection scanFrom(String originator, int ports, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < ports; i++) {
            detection.see(kind.apply(from(originator, TARGET, 1_000 + i).at(Math.min(i, 59))));
        }
        return detection;
    }
}
