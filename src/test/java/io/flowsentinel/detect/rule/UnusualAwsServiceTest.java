package io.flowsentinel.detect.rule;

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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class UnusualAwsServiceTest {

    private static final String HOST = "10.0.1.5";
    private static final String BUCKET = "52.95.128.179";
    private static final Observer WEB = interfaceOf("my web", "subnet-1");
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long LEARNED = 9 * DAY;

    @Test
    void threeConnectionsToAServiceTheRoleHasNotUsedAreAFinding() {
        Detection detection = connections(known(), 3, connection -> connection.service("S3"));

        detection.until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("unusual-aws-service");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.entity()).containsExactly(new EntityField("subnet", "my web"));
            assertThat(alert.title())
                    .isEqualTo(
                            "Unusual AWS service: role my web connected to 1 service (S3) not used before, 3 connections");
            assertThat(alert.numbers()).containsEntry("services", 1L).containsEntry("connections", 3L);
            assertThat(alert.context()).containsEntry("services", "S3");
            assertThat(alert.anomaly())
                    .isEqualTo(new Anomaly("AWS services the role uses", "S3", "not in the 14 days before"));
        });
    }

    @Test
    void twoConnectionsAreNot() {
        assertNothing(connections(known(), 2, connection -> connection.service("S3")));
    }

    @Test
    void aServiceTheRoleUsesAndAddressesThatAreNoneAreUsual() {
        assertNothing(connections(known(), 50, connection -> connection.service("DYNAMODB")));
        assertNothing(connections(known(), 50, connection -> connection));
    }

    @Test
    void anAttemptIsNoUse() {
        assertNothing(
                connections(known(), 50, connection -> connection.unanswered().service("S3")));
    }

    @Test
    void aServiceIsKnownForTwoWeeksAndNewAgainAfter() {
        assertThat(again(13).creates()).isEmpty();
        assertThat(again(15).creates()).hasSize(1);
    }

    @Test
    void nothingIsSaidBeforeTheBaselineIsReached() {
        Detection detection = Detection.of(RoleRouter.FAMILY);

        assertNothing(connections(detection, 50, connection -> connection.service("S3")));
    }

    @Test
    void anAllowedServiceGoesToTheSuppressedFeed() {
        Detection detection = Detection.of(
                RoleRouter.FAMILY,
                "rules: {unusual-aws-service: {allow: [{destination: 52.95.128.0/24, reason: backup}]}}");
        learnUntil(detection, 0, 9 * 24);

        connections(detection, 3, connection -> connection.service("S3")).until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow destination=52.95.128.0/24 reason=backup");
    }

    @Test
    void neitherOrderNorWatermarkStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int hour = 0; hour < 10 * 24; hour++) {
            connections.add(from(HOST, BUCKET, 443)
                    .originatorLogged(WEB)
                    .service(hour < 9 * 24 ? "DYNAMODB" : "S3")
                    .at(hour * HOUR)
                    .decided(hour * HOUR + 200 + hour % 9 * 500L)
                    .close());
        }

        AnyOrder.givesTheSameAlerts(() -> Detection.of(RoleRouter.FAMILY), connections, LEARNED + 5 * DAY);
    }

    private static Detection again(int days) {
        Detection detection = known().see(from(HOST, BUCKET, 443)
                .originatorLogged(WEB)
                .service("S3")
                .at(LEARNED));
        learnUntil(detection, 9 * 24, (9 + days) * 24 + 24);
        for (int i = 0; i < 3; i++) {
            detection.see(
                    from(HOST, BUCKET, 443).originatorLogged(WEB).service("S3").at(LEARNED + days * DAY + i));
        }
        return detection.until(LEARNED + days * DAY + 3 * HOUR);
    }

    private static void assertNothing(Detection detection) {
        assertThat(detection.until(LEARNED + 3 * DAY).all()).isEmpty();
    }

    private static Detection connections(Detection detection, int many, UnaryOperator<Connections> kind) {
        for (int i = 0; i < many; i++) {
            detection.see(
                    kind.apply(from(HOST, BUCKET, 443).originatorLogged(WEB).at(LEARNED + i)));
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
            detection.see(from(HOST, BUCKET, 443)
                    .originatorLogged(WEB)
                    .service("DYNAMODB")
                    .at(hour * HOUR));
        }
    }
}
