package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.Replays;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Pane;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ResetStormTest {

    private static final String TARGET = "10.0.1.5";
    private static final long DONE = 1_200;

    @Test
    void fiftyResetsAMinuteInTwoPanesAreAStorm() {
        Detection detection = storm(50, 5, ResetStormTest::byOriginator).until(DONE);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("reset-storm");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.timeMillis()).isEqualTo((T0 + 120) * 1_000);
            assertThat(alert.entity())
                    .containsExactly(new EntityField("responder", TARGET), new EntityField("port", "443"));
            assertThat(alert.title())
                    .isEqualTo("Reset storm: 10.0.1.5 port 443 had up to 50 resets a minute of 5 originators,"
                            + " 100 in all");
            assertThat(alert.numbers())
                    .containsEntry("resets_per_minute", 50L)
                    .containsEntry("originators", 5L)
                    .containsEntry("connections", 100L);
        });
        assertThat(detection.ties()).containsExactly("responder vpc-1 10.0.1.5");
    }

    /** Of all resets that are counted: those of the pane before as well. */
    @Test
    void originatorsOfBothPanesAreCounted() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        for (int i = 0; i < 100; i++) {
            detection.see(byOriginator(open(i / 50 * 5 + i % 5, i / 50 * 60L)));
        }

        assertThat(detection.until(DONE).creates()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("connections", 100L)
                .containsEntry("originators", 10L));
    }

    @Test
    void resetsOfTheResponderCountAsWell() {
        Detection detection = storm(50, 5, ResetStormTest::byResponder);

        assertThat(detection.until(DONE).creates()).hasSize(1);
    }

    @Test
    void fewerResetsOrOriginatorsAreNot() {
        assertThat(storm(49, 5, ResetStormTest::byOriginator).until(DONE).all()).isEmpty();
        assertThat(storm(50, 4, ResetStormTest::byOriginator).until(DONE).all()).isEmpty();
    }

    @Test
    void asManyConnectionsThatBothSidesClosedMakeItNoStorm() {
        assertThat(withClosed(50).all()).isEmpty();
        assertThat(withClosed(49).creates()).hasSize(1);
    }

    @Test
    void onePaneIsNotEnough() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        resets(detection, 0, 90, 9, ResetStormTest::byOriginator);
        resets(detection, 2, 90, 9, ResetStormTest::byOriginator);

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void resetsOfWhatNobodyAnsweredAreNot() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        for (int i = 0; i < 400; i++) {
            detection.see(from(originator(i % 9), TARGET, 443)
                    .at(i % 120)
                    .state(ConnState.RSTO)
                    .saw("eni-web", true, Action.ACCEPT, 6));
        }

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void aResetBelongsToItsOwnTimeNotToTheBeginning() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        for (int i = 0; i < 200; i++) {
            long reset = i % 120;
            detection.see(from(originator(i % 9), TARGET, 443)
                    .at(-3_000 - i)
                    .lasting(3_000 + i + reset)
                    .state(ConnState.RSTO)
                    .saw("eni-web", true, Action.ACCEPT, 6)
                    .saw("eni-web", false, Action.ACCEPT, 18)
                    .decided(reset + 120));
        }

        assertThat(detection.until(DONE).creates()).singleElement().satisfies(alert -> {
            assertThat(alert.timeMillis()).isEqualTo((T0 + 120) * 1_000);
            assertThat(alert.firstSeenMillis()).isLessThan(T0 * 1_000);
        });
    }

    @Test
    void packetsOfTheOtherSideAfterTheResetDoNotMoveIt() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        for (int i = 0; i < 200; i++) {
            detection.see(from(originator(i % 9), TARGET, 443)
                    .at(i % 120)
                    .lasting(0)
                    .state(ConnState.RSTO)
                    .saw("eni-web", true, Action.ACCEPT, 6)
                    .lasting(200)
                    .saw("eni-web", false, Action.ACCEPT, 18));
        }

        assertThat(detection.until(DONE).creates()).singleElement().satisfies(alert -> assertThat(alert.timeMillis())
                .isEqualTo((T0 + 120) * 1_000));
    }

    @Test
    void aTimeoutAfterFiveMinutesOfSilenceIsNoReset() {
        assertThat(storm(90, 9, connection -> silentFor(300, connection))
                        .until(3_000)
                        .all())
                .isEmpty();
        assertThat(storm(90, 9, connection -> silentFor(299, connection))
                        .until(3_000)
                        .creates())
                .hasSize(1);
    }

    @Test
    void healthChecksThatAlwaysResetAreUsual() {
        assertThat(afterAnHourOf(40, 199).all()).isEmpty();
        assertThat(afterAnHourOf(40, 201).creates()).hasSize(1);
    }

    @Test
    void originatorsThatAnAllowListCoversAccuseNobody() {
        Detection detection = Detection.of(
                FloodRouter.FAMILY, "rules: {reset-storm: {allow: [{source: 198.51.100.1, reason: balancer}]}}");
        for (int minute = 0; minute < 2; minute++) {
            resets(detection, minute, 100, 5, ResetStormTest::byOriginator);
        }

        detection.until(DONE);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).singleElement().satisfies(alert -> {
            assertThat(alert.suppressedBy()).isEqualTo("allow source=198.51.100.1 reason=balancer");
            assertThat(alert.numbers()).containsEntry("originators", 5L);
        });
    }

    /** One of what is told apart in a pane is how many were completed. */
    @Test
    void moreOriginatorsThanAreToldApartDoNotSpoilWhatCounts() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        int many = Pane.MAX_CELLS + 1_000;
        for (int i = 0; i < 2 * many; i++) {
            String originator = "198." + (18 + i % many / 65_536) + "." + i / 256 % 256 + "." + i % 256;
            detection.see(byOriginator(
                    from(originator, TARGET, 443).at(i / many * 60L).lasting(0)));
        }

        assertThat(detection.until(DONE).creates()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("resets_per_minute", (long) many)
                .containsEntry("connections", 2L * many)
                .containsEntry("originators", 2L * (Pane.MAX_CELLS - 1)));
    }

    @Test
    void neitherOrderNorStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            connections.add(byOriginator(open(i % 7, i / 2)).close());
            connections.add(from(originator(i % 7), TARGET, 443).at(i * 3L).close());
        }

        assertThat(Replays.alike(FloodRouter.FAMILY, connections, List.of(), 9_000))
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.CLOSE);
    }

    private static Detection withClosed(int closed) {
        Detection detection = storm(50, 5, ResetStormTest::byOriginator);
        for (int i = 0; i < 2 * closed; i++) {
            detection.see(from(originator(i), TARGET, 443).lasting(0).at(i / closed * 60L));
        }
        return detection.until(DONE);
    }

    private static Detection afterAnHourOf(int usual, int burst) {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        for (int minute = 0; minute < 60; minute++) {
            resets(detection, minute, usual, 9, ResetStormTest::byOriginator);
        }
        resets(detection, 60, burst, 9, ResetStormTest::byOriginator);
        resets(detection, 61, burst, 9, ResetStormTest::byOriginator);
        return detection.until(4_500);
    }

    private static Detection storm(int aMinute, int originators, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        resets(detection, 0, aMinute, originators, kind);
        resets(detection, 1, aMinute, originators, kind);
        return detection;
    }

    private static void resets(
            Detection detection, int minute, int many, int originators, UnaryOperator<Connections> kind) {
        for (int i = 0; i < many; i++) {
            detection.see(kind.apply(open(i % originators, minute * 60L + i % 60)));
        }
    }

    private static Connections open(int originator, long at) {
        return from(originator(originator), TARGET, 443).at(at).lasting(0);
    }

    private static Connections byOriginator(Connections connection) {
        return connection
                .state(ConnState.RSTO)
                .saw("eni-web", true, Action.ACCEPT, 6)
                .saw("eni-web", false, Action.ACCEPT, 18);
    }

    private static Connections byResponder(Connections connection) {
        return connection
                .state(ConnState.RSTR)
                .saw("eni-web", true, Action.ACCEPT, 2)
                .saw("eni-web", false, Action.ACCEPT, 22);
    }

    /** The responder fell silent at once, the originator reset it so much later. */
    private static Connections silentFor(long seconds, Connections connection) {
        return connection
                .state(ConnState.RSTO)
                .saw("eni-web", false, Action.ACCEPT, 18)
                .lasting(seconds)
                .saw("eni-web", true, Action.ACCEPT, 6)
                .decided(480);
    }

    private static String originator(int i) {
        return "198.51.100." + (1 + i % 250);
    }
}
