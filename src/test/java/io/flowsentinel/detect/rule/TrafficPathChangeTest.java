package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Connections.interfaceOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.AnyOrder;
import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficPathChangeTest {

    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.9";
    private static final Observer WEB = interfaceOf("web", "subnet-1");
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long LEARNED = 9 * DAY;

    @Test
    void anotherPathThanForAWeekIsAFinding() {
        Detection detection = known(8).see(sent(PEER, 3, LEARNED)).see(sent("203.0.7.7", 3, LEARNED + 60));

        detection.until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("traffic-path-change");
            assertThat(alert.severity()).isEqualTo(Severity.LOW);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("subnet", "subnet-1"));
            assertThat(alert.title())
                    .isEqualTo(
                            "Traffic path changed: subnet-1 reaches 1 destination (203.0.0.0/16) by another way, 2 connections");
            assertThat(alert.numbers()).containsEntry("destinations", 1L).containsEntry("connections", 2L);
            assertThat(alert.context()).containsEntry("changes", "203.0.0.0/16 by path 3");
            assertThat(alert.anomaly())
                    .isEqualTo(new Anomaly(
                            "traffic-path by destination", "203.0.0.0/16 by path 3", "path 8 alone for 7 days"));
            assertThat(alert.baselineSinceMillis()).isEqualTo(T0 * 1_000);
        });
    }

    @Test
    void aServiceIsOneDestinationWhateverItsAddress() {
        Detection detection = Detection.of(TrafficPathChange.FAMILY);
        for (int hour = 0; hour < 9 * 24; hour++) {
            detection.see(sent("52.95.128." + hour, 7, hour * HOUR).service("S3"));
        }

        detection.see(sent("3.5.0.1", 8, LEARNED).service("S3")).until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> assertThat(alert.context())
                .containsEntry("changes", "S3 by path 8"));
    }

    @Test
    void whatIsListedIsWhatIsCountedWhateverCameLater() {
        Detection detection = known(8);
        for (int i = 1; i < 3; i++) {
            for (int hour = 0; hour < 9 * 24; hour++) {
                detection.see(sent("203." + i + ".113.9", 8, hour * HOUR));
            }
        }
        for (int i = 0; i < 3; i++) {
            detection.see(sent("203." + i + ".113.9", 2 + i, LEARNED + i * 7L * HOUR));
        }
        Alert last = detection
                .until(LEARNED + 22 * HOUR)
                .alerts()
                .get(detection.alerts().size() - 1);

        assertThat(last.numbers()).containsEntry("destinations", 2L).containsEntry("changes", 2L);
        assertThat(last.context())
                .containsEntry("destinations", "203.1.0.0/16, 203.2.0.0/16")
                .containsEntry("changes", "203.1.0.0/16 by path 3, 203.2.0.0/16 by path 4");
        assertThat(last.anomaly().observed()).isEqualTo(last.context().get("changes"));
        assertThat(last.title()).contains("2 destinations (203.1.0.0/16, 203.2.0.0/16) by");
    }

    @Test
    void theSamePathAndANewDestinationAreNoChange() {
        Detection detection = known(8).see(sent(PEER, 8, LEARNED)).see(sent("198.51.100.7", 3, LEARNED + 5));

        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
    }

    @Test
    void aDestinationThatGoesTwoWaysHasNoUsualOne() {
        Detection detection = known(8);
        for (int hour = 0; hour < 9 * 24; hour += 2) {
            detection.see(sent(PEER, 1, hour * HOUR));
        }

        detection.see(sent(PEER, 3, LEARNED));

        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
    }

    @Test
    void aGatewayThatAnOlderInstanceCannotNameIsNoChange() {
        assertThat(known(2).see(sent(PEER, 8, LEARNED)).until(LEARNED + DAY).all())
                .isEmpty();
        assertThat(known(7).see(sent(PEER, 2, LEARNED)).until(LEARNED + DAY).all())
                .isEmpty();
        assertThat(known(7).see(sent(PEER, 8, LEARNED))
                        .until(LEARNED + 2 * HOUR)
                        .alerts())
                .hasSize(1);
        assertThat(known(2).see(sent(PEER, 1, LEARNED))
                        .until(LEARNED + 2 * HOUR)
                        .alerts())
                .hasSize(1);
    }

    @Test
    void onePathHasToBeKnownForAWeek() {
        assertThat(sinceDay(3).until(LEARNED + DAY).all()).isEmpty();
        assertThat(sinceDay(1).until(LEARNED + 2 * HOUR).alerts()).hasSize(1);
    }

    @Test
    void backToAPathOfTheLastDaysIsNoChange() {
        Detection detection = Detection.of(TrafficPathChange.FAMILY);
        for (int hour = 0; hour < 20 * 24; hour++) {
            detection.see(sent(PEER, hour == 13 * 24 ? 3 : 8, hour * HOUR));
        }
        detection.see(sent(PEER, 3, 19 * DAY));
        detection.see(sent(PEER, 3, 30 * DAY));

        // The other way on the fourteenth day, and again within a week of it; ten days of silence later nothing is
        // known.
        assertThat(detection.until(31 * DAY).creates())
                .extracting(Alert::timeMillis)
                .containsExactly((T0 + 13 * DAY + HOUR) * 1_000);
    }

    @Test
    void connectionsWithoutAPathSayNothing() {
        Detection detection =
                Detection.of(TrafficPathChange.FAMILY).see(from(HOST, PEER, 443).originatorLogged(WEB));

        detection.until(0);

        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void anAllowedChangeGoesToTheSuppressedFeed() {
        Detection detection = Detection.of(
                TrafficPathChange.FAMILY,
                "rules: {traffic-path-change: {allow: [{destination: 203.0.113.0/24, reason: new peering}]}}");
        learn(detection, 8, 0, 9 * 24);

        detection.see(sent(PEER, 4, LEARNED)).until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow destination=203.0.113.0/24 reason=new peering");
    }

    @Test
    void aSubnetThatWasSilentForAWeekIsForgotten() {
        Detection detection = known(8);

        detection.until(LEARNED + 10 * DAY);

        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void neitherOrderNorWatermarkStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int hour = 0; hour < 11 * 24; hour++) {
            connections.add(sent(PEER, hour < 9 * 24 ? 8 : hour % 2 == 0 ? 3 : 8, hour * HOUR)
                    .decided(hour * HOUR + 200 + hour % 9 * 500L)
                    .close());
        }

        AnyOrder.givesTheSameAlerts(() -> Detection.of(TrafficPathChange.FAMILY), connections, LEARNED + 6 * DAY);
    }

    /** The destination is known from that day on only, the subnet all along. */
    private static Detection sinceDay(int day) {
        Detection detection = Detection.of(TrafficPathChange.FAMILY);
        for (int hour = 0; hour < 9 * 24; hour++) {
            detection.see(sent("198.51.100.7", 8, hour * HOUR));
        }
        learn(detection, 8, day * 24, 9 * 24);
        return detection.see(sent(PEER, 3, LEARNED));
    }

    private static Connections sent(String responder, int path, long at) {
        return from(HOST, responder, 443).originatorLogged(WEB).path(path).at(at);
    }

    private static Detection known(int path) {
        Detection detection = Detection.of(TrafficPathChange.FAMILY);
        learn(detection, path, 0, 9 * 24);
        return detection;
    }

    private static void learn(Detection detection, int path, int from, int to) {
        for (int hour = from; hour < to; hour++) {
            detection.see(sent(PEER, path, hour * HOUR));
        }
    }
}
