package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.Replays;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SynFloodTest {

    private static final String TARGET = "10.0.1.5";
    private static final String LOWER = "rules: {syn-flood: {thresholds: {half_open_per_minute: 20}}}";
    private static final long DONE = 1_200;

    @Test
    void twoThousandHalfOpenConnectionsAMinuteInTwoPanesAreAFlood() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        flood(detection, 0, 2_000, Connections::unanswered);
        flood(detection, 1, 2_000, Connections::unanswered);

        detection.until(DONE);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("syn-flood");
            assertThat(alert.activity()).isEqualTo(Activity.CREATE);
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.timeMillis()).isEqualTo((T0 + 120) * 1_000);
            assertThat(alert.entity())
                    .containsExactly(new EntityField("responder", TARGET), new EntityField("port", "443"));
            assertThat(alert.title())
                    .isEqualTo("SYN flood: 10.0.1.5 port 443 got up to 2000 half-open connections a minute,"
                            + " 4000 in all");
            assertThat(alert.numbers())
                    .containsEntry("half_open_per_minute", 2_000L)
                    .containsEntry("connections", 4_000L);
            assertThat(alert.anomaly().observed()).isEqualTo("2000.0 a minute");
            assertThat(alert.anomaly().usual()).isEqualTo("0.0 a minute");
        });
        assertThat(detection.ties()).containsExactly("responder vpc-1 10.0.1.5");
    }

    @Test
    void aFloodFromOneOriginatorIsAboutItToo() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        for (int i = 0; i < 4_000; i++) {
            detection.see(from("10.0.9.9", 1_024 + i, TARGET, 443).unanswered().at(i * 120L / 4_000));
        }

        assertThat(detection.until(DONE).ties())
                .containsExactly("originator vpc-1 10.0.9.9", "responder vpc-1 10.0.1.5");
    }

    @Test
    void aFewLessInEitherPaneAreNot() {
        assertNothing(1_999, 2_000, Connections::unanswered);
        assertNothing(2_000, 1_999, Connections::unanswered);
    }

    @Test
    void onePaneIsNotEnough() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        flood(detection, 0, 9_000, Connections::unanswered);
        flood(detection, 2, 9_000, Connections::unanswered);

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void whatAnOpenPortMakesOfSpoofedSynsCounts() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        flood(detection, 0, 2_000, SynFloodTest::answeredSpoofed);
        flood(detection, 1, 2_000, SynFloodTest::answeredSpoofed);

        assertThat(detection.until(DONE).creates()).hasSize(1);
    }

    @Test
    void openConnectionsThatGoOnAreNoFlood() {
        assertNothing(3_000, 3_000, connection -> connection.state(ConnState.S1).packets(4, 4));
    }

    @Test
    void aServiceThatCompletesAFifthIsBusy() {
        assertThat(withCompleted(400).all()).isEmpty();
        assertThat(withCompleted(399).creates()).hasSize(1);
    }

    @Test
    void theEndOfTheInputAndAnUnloggedDirectionAreNoSilence() {
        assertNothing(3_000, 3_000, connection -> connection.unanswered().ended(EndReason.END_OF_INPUT));
        assertNothing(3_000, 3_000, connection -> connection.unanswered().with(Trait.ONE_SIDED));
    }

    @Test
    void onlyTcpToInternalRespondersIsJudged() {
        assertNothing(
                3_000, 3_000, connection -> connection.protocol(FlowRecord.UDP).state(ConnState.S0));
        Detection outbound = Detection.of(FloodRouter.FAMILY);
        for (int i = 0; i < 6_000; i++) {
            outbound.see(
                    from("10.0.1.5", 1_024 + i, "203.0.113.9", 443).unanswered().at(i / 50));
        }
        assertThat(outbound.until(DONE).all()).isEmpty();
    }

    @Test
    void portsAreToldApart() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        for (int i = 0; i < 6_000; i++) {
            detection.see(from(originator(i), TARGET, 80 + i % 2).unanswered().at(i / 50));
        }

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void aPortThatAlwaysGetsAFifthOfItIsUsedToIt() {
        assertThat(afterAnHourOf(10, 49).all()).isEmpty();
        assertThat(afterAnHourOf(10, 51).creates()).hasSize(1);
    }

    @Test
    void aSteadyFloodIsOneFindingUntilItIsOver() {
        Detection detection = Detection.of(FloodRouter.FAMILY, LOWER);
        for (int minute = 0; minute < 100; minute++) {
            flood(detection, minute, 30, Connections::unanswered);
        }

        detection.until(100_000);

        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        assertThat(detection.alerts().get(1).numbers()).containsEntry("connections", 100 * 30L);
        assertThat(detection.alerts().get(1).timeMillis()).isEqualTo((T0 + 100 * 60 + 3_600) * 1_000);
    }

    @Test
    void tenTimesTheThresholdIsAnUpdate() {
        Detection detection = Detection.of(FloodRouter.FAMILY, LOWER);
        flood(detection, 0, 20, Connections::unanswered);
        flood(detection, 1, 20, Connections::unanswered);
        flood(detection, 2, 200, Connections::unanswered);

        detection.until(DONE);

        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.UPDATE);
        assertThat(detection.alerts().get(1).title()).contains("up to 200 half-open connections a minute, 240 in all");
    }

    @Test
    void theAnomalyIsThatOfTheWorstPane() {
        Detection detection = Detection.of(FloodRouter.FAMILY, LOWER);
        flood(detection, 0, 20, Connections::unanswered);
        flood(detection, 1, 200, Connections::unanswered);
        flood(detection, 2, 30, Connections::unanswered);

        detection.until(100_000);

        assertThat(detection.alerts()).last().satisfies(alert -> {
            assertThat(alert.activity()).isEqualTo(Activity.CLOSE);
            assertThat(alert.anomaly().observed()).isEqualTo("200.0 a minute");
            assertThat(alert.message()).endsWith(" 200 half-open connections a minute, 250 in all; over for now.");
        });
    }

    @Test
    void inLongerPanesTheRateIsAveraged() {
        Detection detection = Detection.of(FloodRouter.FAMILY, Duration.ofSeconds(600));
        Detection fewer = Detection.of(FloodRouter.FAMILY, Duration.ofSeconds(600));
        for (int i = 0; i < 40_000; i++) {
            Connections attempt = from(originator(i), TARGET, 443).unanswered().at(i / 20_000 * 600L);
            detection.see(attempt);
            if (i > 0) {
                fewer.see(attempt);
            }
        }

        assertThat(detection.until(10_000).creates()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("half_open_per_minute", 2_000L));
        assertThat(fewer.until(10_000).all()).isEmpty();
    }

    @Test
    void anAllowedLoadTestIsHeldBackAndHidesNoFlood() {
        String allow =
                """
                rules: {syn-flood: {thresholds: {half_open_per_minute: 20},
                    allow: [{source: 198.18.0.0/15, reason: load test}]}}
                """;
        Detection detection = Detection.of(FloodRouter.FAMILY, allow);
        for (int minute = 0; minute < 10; minute++) {
            for (int i = 0; i < 30; i++) {
                detection.see(from("198.18.0." + i, TARGET, 443).unanswered().at(minute * 60L));
            }
        }
        flood(detection, 10, 25, Connections::unanswered);
        flood(detection, 11, 25, Connections::unanswered);

        detection.until(DONE);

        assertThat(detection.suppressed()).singleElement().satisfies(alert -> {
            assertThat(alert.suppressedBy()).isEqualTo("allow source=198.18.0.0/15 reason=load test");
            assertThat(alert.timeMillis()).isEqualTo((T0 + 120) * 1_000);
        });
        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.timeMillis()).isEqualTo((T0 + 12 * 60) * 1_000);
            assertThat(alert.numbers()).containsEntry("connections", 50L);
        });
    }

    @Test
    void aSubjectAtRestIsForgotten() {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        flood(detection, 0, 10, Connections::unanswered);

        assertThat(detection.until(3_600).keysKept()).isEqualTo(1);
        assertThat(detection.until(3 * 86_400).keysKept()).isZero();
    }

    @Test
    void neitherOrderNorStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 9_000; i++) {
            connections.add(from(originator(i), TARGET, 443)
                    .unanswered()
                    .at(120 + i / 40)
                    .close());
        }
        for (int i = 0; i < 500; i++) {
            connections.add(from(originator(i), TARGET, 443).at(i * 4L).close());
        }

        assertThat(Replays.alike(FloodRouter.FAMILY, connections, List.of(), 9_000))
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.CLOSE);
    }

    private static Detection withCompleted(int completed) {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        for (int minute = 0; minute < 2; minute++) {
            flood(detection, minute, 2_000, Connections::unanswered);
            flood(detection, minute, completed, connection -> connection);
        }
        return detection.until(DONE);
    }

    private static Detection afterAnHourOf(int usual, int burst) {
        Detection detection = Detection.of(FloodRouter.FAMILY, LOWER);
        for (int minute = 0; minute < 60; minute++) {
            flood(detection, minute, usual, Connections::unanswered);
        }
        flood(detection, 60, burst, Connections::unanswered);
        flood(detection, 61, burst, Connections::unanswered);
        return detection.until(4_500);
    }

    private static void assertNothing(int first, int second, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(FloodRouter.FAMILY);
        flood(detection, 0, first, kind);
        flood(detection, 1, second, kind);
        assertThat(detection.until(DONE).all()).isEmpty();
    }

    /** So many in one minute, each from an address of its own. */
    private static void flood(Detection detection, int minute, int many, UnaryOperator<Connections> kind) {
        for (int i = 0; i < many; i++) {
            detection.see(kind.apply(from(originator(i), TARGET, 443).at(minute * 60L + i % 60)));
        }
    }

    private static Connections answeredSpoofed(Connections connection) {
        return connection.state(ConnState.S1).packets(1, 3).answered().ended(EndReason.ATTEMPT_TIMEOUT);
    }

    private static String originator(int i) {
        return "100." + (128 + i / 65_536) + "." + i / 256 % 256 + "." + i % 256;
    }
}
