package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.Replays;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.TcpFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RejectBurstTest {

    private static final String TARGET = "10.0.1.5";
    private static final long POINT = 300;
    private static final long DAY = 86_400;

    @Test
    void moreThanAHundredRejectedConnectionsAfterFiveQuietPointsAreABurst() {
        Detection detection = quietThen(5, 101, Connections::denied).until(3_000);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("reject-burst");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.timeMillis()).isEqualTo((T0 + 6 * POINT) * 1_000);
            assertThat(alert.entity())
                    .containsExactly(new EntityField("interface", "eni-web"), new EntityField("direction", "ingress"));
            assertThat(alert.title())
                    .isEqualTo("Reject burst: ingress at eni-web, up to 101 rejected connections a point, 101 in all");
            assertThat(alert.numbers())
                    .containsEntry("rejected_per_point", 101L)
                    .containsEntry("connections", 101L);
            assertThat(alert.anomaly().usual()).isEqualTo("mean 0.2, sigma 0.4 over 5 points");
        });
    }

    @Test
    void aHundredAreNot() {
        assertThat(quietThen(5, 100, Connections::denied).until(3_000).all()).isEmpty();
    }

    @Test
    void fourPointsAreTooFewToTell() {
        assertThat(quietThen(4, 900, Connections::denied).until(1_500).all()).isEmpty();
    }

    @Test
    void anInterfaceThatNeverRejectedAnythingIsKnownByWhatItPassed() {
        Detection detection = passing(0, 24 * POINT);
        for (long point = 24; point < 48; point++) {
            burst(detection, point * POINT, 600);
        }

        assertThat(detection.until(20_000).alerts())
                .extracting(Alert::activity, Alert::timeMillis)
                .containsExactly(
                        tuple(Activity.CREATE, (T0 + 25 * POINT) * 1_000),
                        // Held against 24 empty points and two like itself it is over; with three it is usual.
                        tuple(Activity.CLOSE, (T0 + 27 * POINT + 3_600) * 1_000));
    }

    @Test
    void anInterfaceIsKnownFromItsFirstPointOnWhicheverConnectionTellsOfIt() {
        // Judged at 1,800: in five points the first of which is that from 300 to 600, and in four.
        Detection five = passing(599, 600);
        Detection four = passing(600, 601);
        burst(five, 6 * POINT, 101);
        burst(four, 6 * POINT, 101);

        assertThat(five.until(3_000).creates()).hasSize(1);
        assertThat(four.until(3_000).all()).isEmpty();
    }

    @Test
    void whatAnInterfacePassedElsewhereDoesNotMakeThisOneKnown() {
        Detection detection = Detection.of(RejectBurst.FAMILY);
        detection.see(from("198.51.100.250", TARGET, 443).saw("eni-far", true, Action.ACCEPT, 3));
        burst(detection, 6 * POINT, 101);

        assertThat(detection.until(3_000).all()).isEmpty();
    }

    @Test
    void whatAlwaysComesIsUsualUpToThreeSigma() {
        // Ten points of 100 and 300 in turn: mean 200, sigma 105.4, so the limit is 516.2.
        assertThat(noisyThen(516).all()).isEmpty();
        assertThat(noisyThen(517).creates()).hasSize(1);
    }

    @Test
    void twoHalvesInNeighbouringPointsAreNoBurst() {
        Detection detection = quietThen(5, 60, Connections::denied);
        for (int i = 0; i < 60; i++) {
            detection.see(from(originator(i), TARGET, 22).denied().at(4 * POINT + 240));
        }

        assertThat(detection.until(3_000).all()).isEmpty();
    }

    @Test
    void interfacesAndDirectionsAreToldApart() {
        Detection detection = quietThen(5, 60, Connections::denied);
        for (int i = 0; i < 60; i++) {
            detection.see(from(originator(i), TARGET, 22)
                    .verdict(Verdict.DENIED)
                    .at(5 * POINT)
                    .saw("eni-web", true, Action.REJECT, 2, FlowDirection.EGRESS));
            detection.see(from(originator(i), TARGET, 22)
                    .verdict(Verdict.DENIED)
                    .at(5 * POINT)
                    .saw("eni-far", true, Action.REJECT, 2));
        }

        assertThat(detection.until(3_000).all()).isEmpty();
    }

    @Test
    void onlyRejectedSynsCount() {
        assertNothing(connection -> connection.saw("eni-web", true, Action.REJECT, 4));
        assertNothing(connection -> connection.saw("eni-web", true, Action.REJECT, 18));
        assertNothing(connection -> connection.saw("eni-web", false, Action.REJECT, 2));
        assertNothing(Connections::unanswered);
        assertNothing(connection -> connection.denied().protocol(17));
    }

    @Test
    void withoutFlagsFewRejectedPacketsToTheLowerPortLookLikeSyns() {
        UnaryOperator<Connections> flagless = connection ->
                connection.without(Trait.FLAGS_PRESENT).saw("eni-web", true, Action.REJECT, TcpFlags.ABSENT);

        assertThat(quietThen(5, 101, flagless).until(3_000).creates()).hasSize(1);
        assertNothing(connection -> flagless.apply(connection).saw("eni-web", false, Action.ACCEPT, TcpFlags.ABSENT));
        Detection toHigherPort = quietThen(5, 0, flagless);
        for (int i = 0; i < 200; i++) {
            toHigherPort.see(
                    flagless.apply(from(originator(i), 443, TARGET, 50_000).at(5 * POINT)));
        }
        assertThat(toHigherPort.until(3_000).all()).isEmpty();
    }

    @Test
    void withoutFlowDirectionTheNetworksTellTheWay() {
        Detection detection = quietThen(
                5, 101, connection -> connection.saw("eni-web", true, Action.REJECT, 2, FlowDirection.ABSENT));

        assertThat(detection.until(3_000).creates()).singleElement().satisfies(alert -> assertThat(alert.entity())
                .contains(new EntityField("direction", "ingress")));
    }

    @Test
    void theOriginatorOfMostOfItIsWhomItIsAbout() {
        assertThat(fromOne(90).ties()).containsExactly("originator 198.51.100.7", "responder vpc-1 10.0.1.5");
        assertThat(fromOne(70).ties()).containsExactly("responder vpc-1 10.0.1.5");
    }

    @Test
    void anInterfaceThatRestedIsStillKnown() {
        Detection detection = quietThen(5, 0, Connections::denied);
        burst(detection, 20 * DAY, 101);

        assertThat(detection.until(20 * DAY + 3_000).creates()).singleElement().satisfies(alert -> assertThat(
                        alert.anomaly().usual())
                .isEqualTo("mean 0.0, sigma 0.0 over 720 points"));
    }

    @Test
    void anInterfaceThatRestedForAMonthIsNot() {
        Detection detection = quietThen(5, 0, Connections::denied);
        assertThat(detection.until(29 * DAY).keysKept()).isEqualTo(1);
        assertThat(detection.until(32 * DAY).keysKept()).isZero();

        burst(detection, 33 * DAY, 101);

        assertThat(detection.until(33 * DAY + 3_000).all()).isEmpty();
    }

    @Test
    void whatAnAllowListCoversIsHeldBackAndNotUsual() {
        String allow = "rules: {reject-burst: {allow: [{source: 198.18.0.0/15, reason: our scanner}]}}";
        Detection detection = Detection.of(RejectBurst.FAMILY, allow);
        detection.see(from("198.51.100.250", TARGET, 22).denied());
        for (int i = 0; i < 3_000; i++) {
            detection.see(from("198.18.0.1", 1_024 + i, TARGET, i).denied().at(POINT + i / 3));
        }
        burst(detection, 5 * POINT, 101);

        detection.until(3_000);

        assertThat(detection.suppressed()).isEmpty();
        assertThat(detection.creates()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("connections", 101L));

        for (int i = 0; i < 300; i++) {
            detection.see(
                    from("198.18.0.1", 1_024 + i, TARGET, i).denied().at(6_000).decided(6_120));
        }
        assertThat(detection.until(7_000).suppressed()).singleElement().satisfies(alert -> assertThat(
                        alert.suppressedBy())
                .isEqualTo("allow source=198.18.0.0/15 reason=our scanner"));
    }

    @Test
    void inLongerPanesAPointIsAPane() {
        Detection detection = Detection.of(RejectBurst.FAMILY, Duration.ofSeconds(600));
        detection.see(from("198.51.100.250", TARGET, 22).denied());
        burst(detection, 3_000, 101);

        assertThat(detection.until(20_000).creates()).singleElement().satisfies(alert -> {
            assertThat(alert.timeMillis()).isEqualTo((T0 + 3_600) * 1_000);
            assertThat(alert.anomaly().usual()).isEqualTo("mean 0.2, sigma 0.4 over 5 points");
        });
    }

    @Test
    void neitherOrderNorStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            connections.add(from(originator(i), TARGET, 22).denied().at(i * 7L).close());
        }
        for (int i = 0; i < 1_000; i++) {
            connections.add(from(originator(i), TARGET, 443)
                    .answered()
                    .at(i * 5L)
                    .decided(i * 5L + 120 + i % 7 * 90L)
                    .close());
        }
        for (int i = 0; i < 400; i++) {
            connections.add(from("198.51.100.7", 1_024 + i, TARGET, i)
                    .denied()
                    .at(3_000 + i)
                    .close());
        }

        assertThat(Replays.alike(RejectBurst.FAMILY, connections, List.of(), 20_000))
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.CLOSE);
    }

    private static void assertNothing(UnaryOperator<Connections> kind) {
        assertThat(quietThen(5, 500, kind).until(3_000).all()).isEmpty();
    }

    private static Detection fromOne(int ofAHundred) {
        Detection detection = quietThen(5, 0, Connections::denied);
        for (int i = 0; i < 1_000; i++) {
            String originator = i % 100 < ofAHundred ? "198.51.100.7" : "203.0." + i / 250 + "." + i % 250;
            detection.see(from(originator, 1_024 + i, TARGET, 22).denied().at(5 * POINT + i % 300));
        }
        assertThat(detection.until(3_000).creates()).hasSize(1);
        return detection;
    }

    private static Detection noisyThen(int burst) {
        Detection detection = Detection.of(RejectBurst.FAMILY);
        for (int point = 0; point < 10; point++) {
            for (int i = 0; i < (point % 2 == 0 ? 100 : 300); i++) {
                detection.see(from(originator(i), TARGET, 22).denied().at(point * POINT + i % 300));
            }
        }
        burst(detection, 10 * POINT, burst);
        return detection.until(4_000);
    }

    /** One rejected connection, so that the interface is known, and so many at once after some points. */
    private static Detection quietThen(int points, int burst, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(RejectBurst.FAMILY);
        detection.see(from("198.51.100.250", TARGET, 22).denied());
        for (int i = 0; i < burst; i++) {
            detection.see(kind.apply(from(originator(i), TARGET, 22).at(points * POINT + i % 300)));
        }
        return detection;
    }

    /** An interface that accepts one connection a point. */
    private static Detection passing(long from, long to) {
        Detection detection = Detection.of(RejectBurst.FAMILY);
        for (long at = from; at < to; at += POINT) {
            detection.see(from("198.51.100.250", TARGET, 443).answered().at(at));
        }
        return detection;
    }

    private static void burst(Detection detection, long at, int many) {
        for (int i = 0; i < many; i++) {
            detection.see(from(originator(i), TARGET, 22).denied().at(at + i % 300));
        }
    }

    private static String originator(int i) {
        return "198.51." + i / 250 + "." + i % 250;
    }
}
