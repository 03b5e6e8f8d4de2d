package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Event;
import org.junit.jupiter.api.Test;

class LongConnectionTiersTest {

    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.160";
    private static final String GATEWAY = "10.0.0.220";
    private static final long TIER = 4 * 3_600;
    private static final long CERTAIN = TIER + 120;

    private long nextId = 1;
    private final Detection detection = Detection.of(LongConnection.FAMILY);

    @Test
    void isFoundAsSoonAsItIsOldEnough() {
        detection.see(aged(from(HOST, PEER, 443).lasting(TIER + 40)));

        detection.until(8 * 3_600);

        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.LOW);
            assertThat(alert.numbers()).containsEntry("hours", 4L);
        });
    }

    @Test
    void isFoundThoughItsLastRecordEndedJustBefore() {
        detection.see(aged(from(HOST, PEER, 443).lasting(TIER - 9)));

        detection.until(8 * 3_600);

        assertThat(detection.creates()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("hours", 4L));
    }

    @Test
    void thatOfAGatewayWhoseInnerConnectionIsLoggedIsHeldBack() {
        detection.see(aged(from(HOST, PEER, 443).throughNat(GATEWAY).lasting(TIER)));
        detection.see(aged(from(GATEWAY, PEER, 443).at(8).lasting(TIER)));

        detection.until(8 * 3_600);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.suppressed())
                .singleElement()
                .extracting(Alert::suppressedBy)
                .isEqualTo("translated");
    }

    @Test
    void withoutInnerConnectionsTheGatewayItselfIsFound() {
        detection.see(aged(from(GATEWAY, PEER, 443).lasting(TIER)));

        detection.until(8 * 3_600);

        assertThat(detection.creates()).hasSize(1);
    }

    @Test
    void thoseToAwsServicesAndFromThePublicToAWebServerAreNone() {
        detection.see(aged(from(HOST, PEER, 443).service("AMAZON").lasting(TIER)));
        detection.see(aged(from(PEER, HOST, 443).lasting(TIER)));

        detection.until(8 * 3_600);

        assertThat(detection.all()).isEmpty();
    }

    private Connection aged(Connections connection) {
        return connection.id("%032x".formatted(nextId++)).decided(CERTAIN).build(Event.AGED);
    }
}
