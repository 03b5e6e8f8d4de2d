package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnusualProtocolTest {

    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.9";
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long LEARNED = 9 * DAY;

    @Test
    void aProtocolTheInterfaceHasNotPassedIsAFinding() {
        Detection detection = known().see(passed(132, LEARNED)).see(passed(132, LEARNED + 7));

        detection.until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("unusual-protocol");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("interface", "eni-web"));
            assertThat(alert.title())
                    .isEqualTo("Unusual protocol: eni-web passed 1 protocol (132) not seen before, 2 connections");
            assertThat(alert.numbers()).containsEntry("protocols", 1L).containsEntry("connections", 2L);
            assertThat(alert.context()).containsEntry("protocols", "132");
            assertThat(alert.anomaly())
                    .isEqualTo(new Anomaly("protocols of the interface", "132", "not in the 14 days before"));
            assertThat(alert.baselineSinceMillis()).isEqualTo(T0 * 1_000);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6, 17, 41, 47, 50, 51, 58})
    void commonProtocolsAreUsual(int protocol) {
        assertThat(known().see(passed(protocol, LEARNED)).until(LEARNED + DAY).all())
                .isEmpty();
    }

    @Test
    void whatAFilterRejectedWasNotPassed() {
        Detection detection =
                known().see(from(PEER, HOST, 0).protocol(132).at(LEARNED).saw("eni-web", true, Action.REJECT, 0));

        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
    }

    @Test
    void interfacesAreToldApart() {
        Detection detection = known();
        for (int hour = 0; hour < 9 * 24; hour++) {
            detection.see(from(HOST, PEER, 0).protocol(132).at(hour * HOUR).saw("eni-other", true, Action.ACCEPT, 0));
        }

        detection.see(passed(132, LEARNED).saw("eni-other", true, Action.ACCEPT, 0));

        // The other one spoke when it first passed the protocol, had it been known by then.
        assertThat(detection.until(LEARNED + 2 * HOUR).creates())
                .extracting(Alert::entity)
                .containsExactly(List.of(new EntityField("interface", "eni-web")));
    }

    @Test
    void aProtocolIsKnownForTwoWeeksAndNewAgainAfter() {
        assertThat(again(13).creates()).hasSize(1);
        assertThat(again(15).creates()).hasSize(2);
    }

    @Test
    void nothingIsSaidBeforeTheInterfaceIsKnown() {
        Detection detection = Detection.of(UnusualProtocol.FAMILY);
        stayThere(detection, 0, 6 * 24);

        detection.see(passed(132, 6 * DAY));

        assertThat(detection.until(6 * DAY + 3 * HOUR).all()).isEmpty();
    }

    @Test
    void anAllowedProtocolGoesToTheSuppressedFeed() {
        Detection detection = Detection.of(
                UnusualProtocol.FAMILY,
                "rules: {unusual-protocol: {allow: [{interface: eni-web, reason: telephony}]}}");
        stayThere(detection, 0, 9 * 24);

        detection.see(passed(132, LEARNED)).until(LEARNED + 2 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow interface=eni-web reason=telephony");
    }

    @Test
    void neitherOrderNorWatermarkStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int hour = 0; hour < 9 * 24; hour++) {
            connections.add(
                    present(hour).decided(hour * HOUR + 300 + hour % 9 * 500L).close());
        }
        for (int i = 0; i < 20; i++) {
            long at = LEARNED + i * 3_000L;
            connections.add(
                    passed(132 + i % 2, at).decided(at + 300 + i % 7 * 900L).close());
        }

        AnyOrder.givesTheSameAlerts(() -> Detection.of(UnusualProtocol.FAMILY), connections, LEARNED + 5 * DAY);
    }

    private static Detection again(int days) {
        Detection detection = known().see(passed(132, LEARNED));
        stayThere(detection, 9 * 24, (9 + days) * 24 + 24);
        return detection.see(passed(132, LEARNED + days * DAY)).until(LEARNED + days * DAY + 3 * HOUR);
    }

    private static Connections passed(int protocol, long at) {
        return from(HOST, PEER, 0).protocol(protocol).at(at).saw("eni-web", true, Action.ACCEPT, 0);
    }

    private static Detection known() {
        Detection detection = Detection.of(UnusualProtocol.FAMILY);
        stayThere(detection, 0, 9 * 24);
        return detection;
    }

    private static void stayThere(Detection detection, int from, int to) {
        for (int hour = from; hour < to; hour++) {
            detection.see(present(hour));
        }
    }

    /** A connection at the one moment of sixteen that tells that the interface is there. */
    private static Connections present(int hour) {
        long at = hour * HOUR;
        return from(HOST, "10.0.9.9", 443)
                .at(at + Math.floorMod(-(T0 + at + 40_443), 16))
                .saw("eni-web", true, Action.ACCEPT, 3);
    }
}
