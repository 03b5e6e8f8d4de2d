package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Connections.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.FlowRecord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LongConnectionTest {

    private static final long HOUR = 3_600;
    private static final String HOST = "10.0.1.5";
    private static final String PEER = "198.51.100.7";

    @Test
    void tiersAreACreateAndUpdatesAndTheEndAClose() {
        Detection detection = Detection.of(LongConnection.FAMILY);
        for (int hours : List.of(4, 12, 24)) {
            detection.see(aged(from(HOST, PEER, 443), hours)).until(hours * HOUR + HOUR * 2);
        }
        detection.see(over(from(HOST, PEER, 443), 25 * HOUR)).until(30 * HOUR);

        assertThat(detection.alerts())
                .extracting(Alert::activity, Alert::severity)
                .contains(
                        tuple(Activity.CREATE, Severity.LOW),
                        tuple(Activity.UPDATE, Severity.MEDIUM),
                        tuple(Activity.UPDATE, Severity.HIGH),
                        tuple(Activity.CLOSE, Severity.HIGH));
        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.entity()).containsExactly(new EntityField("connection", id(1)));
            assertThat(alert.numbers()).containsEntry("hours", 4L);
            assertThat(alert.title())
                    .isEqualTo("Long connection: 10.0.1.5 to 198.51.100.7:443 has been open for 4 hours");
        });
    }

    @Test
    void aConnectionThatIsToldOfSeveralTimesIsOne() {
        Detection detection = Detection.of(LongConnection.FAMILY);
        for (int hours : List.of(4, 12, 24)) {
            detection.see(aged(from(HOST, PEER, 443), hours)).until(hours * HOUR + HOUR * 2);
        }
        detection.see(over(from(HOST, PEER, 443), 25 * HOUR)).until(30 * HOUR);

        assertThat(detection.alerts()).allSatisfy(alert -> {
            assertThat(alert.count()).isEqualTo(1);
            assertThat(alert.numbers()).containsEntry("connections", 1L);
            assertThat(alert.connections()).hasSize(1);
        });
    }

    @Test
    void theEvidenceTellsWhatWasSentSoFar() {
        Detection detection = Detection.of(LongConnection.FAMILY);
        for (int hours : List.of(4, 12)) {
            detection
                    .see(aged(from(HOST, PEER, 443).bytes(hours * 1_000L), hours))
                    .until(hours * HOUR + HOUR * 2);
        }

        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() == Activity.CREATE || alert.severity() == Severity.MEDIUM)
                .extracting(alert -> alert.connections().get(0))
                .extracting(shown -> shown.originator().bytes(), shown -> shown.end() - shown.start())
                .startsWith(tuple(4_000L, 4 * HOUR), tuple(12_000L, 12 * HOUR));
    }

    @Test
    void itStaysOpenBetweenTheTiers() {
        Detection detection = Detection.of(LongConnection.FAMILY);

        detection.see(aged(from(HOST, PEER, 443), 4)).until(11 * HOUR);

        assertThat(detection.alerts()).extracting(Alert::activity).doesNotContain(Activity.CLOSE);
    }

    @Test
    void justYoungerIsNone() {
        Detection detection = Detection.of(LongConnection.FAMILY);

        detection.see(over(from(HOST, PEER, 443), 4 * HOUR - 1)).until(10 * HOUR);

        assertThat(detection.all()).isEmpty();
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void theEvidenceTellsHowItEndedWhereNothingMoreWasLogged() {
        Detection detection = Detection.of(LongConnection.FAMILY);
        detection
                .see(aged(from(HOST, PEER, 443).state(ConnState.S1), 4))
                .see(over(from(HOST, PEER, 443).state(ConnState.RSTR), 4 * HOUR))
                .until(6 * HOUR);

        assertThat(detection.alerts()).isNotEmpty().allSatisfy(alert -> assertThat(alert.connections())
                .extracting(Alert.Evidence::state)
                .containsExactly(ConnState.RSTR));
    }

    @Test
    void whatGoesOnAfterASilenceIsOne() {
        Detection detection = Detection.of(LongConnection.FAMILY);
        for (int piece = 1; piece <= 7; piece++) {
            detection.see(piece(piece, piece * HOUR / 2).lasting(60)).until(piece * HOUR / 2 + 1_200);
        }

        assertThat(detection.until(5 * HOUR).all()).isEmpty();
        assertThat(detection.keysKept()).isZero();

        detection.see(piece(8, 5 * HOUR + 1_800).lasting(HOUR)).until(10 * HOUR);
        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.entity()).containsExactly(new EntityField("connection", id(1)));
            assertThat(alert.numbers()).containsEntry("hours", 6L).containsEntry("connections", 1L);
        });
    }

    @Test
    void aFirstPieceAndOneThatGoesOnFromItAreLongTogether() {
        Detection detection = Detection.of(LongConnection.FAMILY);
        long half = 3 * HOUR + 1_800;
        long goesOn = half + 2_400;

        detection.see(piece(1, 0).lasting(half)).until(goesOn);
        assertThat(detection.keysKept()).isZero();
        // Its fourth hour was over before it went on.
        Connections second = piece(2, goesOn);
        detection
                .see(second.lasting(60).decided(goesOn + 120).build(Event.AGED))
                .until(goesOn + 2 * HOUR);
        detection.see(second.lasting(half).decided(goesOn + half + 1_100)).until(goesOn + half + 2 * HOUR);

        assertThat(detection.alerts())
                .extracting(Alert::activity, alert -> alert.numbers().get("hours"))
                .containsExactly(tuple(Activity.CREATE, 4L), tuple(Activity.CLOSE, 7L));
    }

    @Test
    void anAgeThatOtherRulesAskForIsNone() {
        Detection detection = Detection.of(LongConnection.FAMILY);

        detection.see(from(HOST, PEER, 22)
                .numbered(1)
                .lasting(HOUR)
                .decided(HOUR + 120)
                .build(Event.AGED));

        assertThat(detection.until(10 * HOUR).all()).isEmpty();
    }

    @Test
    void whereTheOpeningIsNotLoggedItSaysSoAndIsLessSure() {
        Detection guessed = Detection.of(LongConnection.FAMILY);
        Detection sure = Detection.of(LongConnection.FAMILY);
        Detection vpn = Detection.of(LongConnection.FAMILY);

        guessed.see(aged(from(HOST, 50_000, PEER, 40_000).guessed(), 4)).until(6 * HOUR);
        sure.see(aged(from(HOST, PEER, 443), 4)).until(6 * HOUR);
        vpn.see(aged(from(HOST, PEER, 51_820).protocol(FlowRecord.UDP), 4)).until(6 * HOUR);

        assertThat(guessed.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.context())
                    .containsEntry("degraded", "its opening is not logged: who opened it is guessed from its ports");
            assertThat(alert.rule().confidence())
                    .isLessThan(sure.creates().get(0).rule().confidence());
        });
        assertThat(sure.creates()).singleElement().satisfies(alert -> assertThat(alert.context())
                .doesNotContainKey("degraded"));
        assertThat(vpn.creates()).singleElement().satisfies(alert -> assertThat(alert.context())
                .doesNotContainKey("degraded"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.1.5, 10.0.2.5, 443, 6", // both inside
        "198.51.100.7, 10.0.1.5, 443, 6", // a public server's visitor
        "10.0.1.5, 198.51.100.7, 53, 17", // no VPN
        "10.0.1.5, 198.51.100.7, 0, 41" // no tunnel of these
    })
    void whatIsTheOthersBusinessIsNone(String originator, String responder, int port, int protocol) {
        Detection detection = Detection.of(LongConnection.FAMILY);

        detection
                .see(aged(from(originator, responder, port).protocol(protocol), 24))
                .until(30 * HOUR);

        assertThat(detection.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10.0.1.5, 198.51.100.7, 51820, 17", "10.0.1.5, 198.51.100.7, 0, 50", "198.51.100.7, 10.0.1.5, 22, 6"})
    void tunnelsVpnsAndAdministrationFromOutsideAre(String originator, String responder, int port, int protocol) {
        Detection detection = Detection.of(LongConnection.FAMILY);

        detection
                .see(aged(from(originator, responder, port).protocol(protocol), 4))
                .until(6 * HOUR);

        assertThat(detection.creates()).hasSize(1);
    }

    @Test
    void anAwsServiceIsNone() {
        Detection detection = Detection.of(LongConnection.FAMILY);

        detection.see(aged(from(HOST, PEER, 443).service("S3"), 24)).until(30 * HOUR);

        assertThat(detection.all()).isEmpty();
    }

    @Test
    void anAllowedOneIsHeldBack() {
        Detection detection = Detection.of(
                LongConnection.FAMILY,
                "rules: {long-connection: {allow: [{destination: 198.51.100.0/24, reason: our vendor}]}}");

        detection.see(aged(from(HOST, PEER, 443).protocol(FlowRecord.TCP), 4)).until(11 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .contains("allow destination=198.51.100.0/24 reason=our vendor");
    }

    @Test
    void nothingIsKeptOfOldOnes() {
        Detection detection = Detection.of(LongConnection.FAMILY);

        detection.see(over(from(HOST, PEER, 443), 5 * HOUR)).until(200 * HOUR);

        assertThat(detection.keysKept()).isZero();
    }

    /** One of a chain that began at T0, or at the start of the first. */
    private static Connections piece(int number, long start) {
        Connections piece = from(HOST, PEER, 443)
                .numbered(number)
                .ended(EndReason.IDLE)
                .at(start)
                .decided(start + 1_100);
        return number == 1 ? piece : piece.after(number - 1, 1, 0);
    }

    private static Connection aged(Connections connection, int hours) {
        return connection
                .numbered(1)
                .lasting(hours * HOUR)
                .decided(hours * HOUR + 120)
                .build(Event.AGED);
    }

    private static Connection over(Connections connection, long seconds) {
        return connection.numbered(1).lasting(seconds).decided(seconds + 120).build(Event.CLOSE);
    }
}
