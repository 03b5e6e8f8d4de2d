package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LateralFanOutTest {

    private static final String ORIGINATOR = "10.0.9.9";
    private static final long DONE = 20_000;

    @Test
    void fiftyInternalHostsThatAnsweredOnAdminPortsAreAFanOut() {
        Detection detection = fanOut(ORIGINATOR, "10.0.1.", 50, 445, Connections::answered);
        detection.see(from(ORIGINATOR, "10.0.1.0", 3389).answered().at(30));

        detection.until(DONE);

        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("lateral-fan-out");
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("originator", ORIGINATOR));
            assertThat(alert.title())
                    .isEqualTo("Lateral fan-out: 10.0.9.9 got answers from 50 internal hosts"
                            + " on 2 administration or database ports");
            assertThat(alert.numbers()).containsEntry("responders", 50L).containsEntry("connections", 51L);
            assertThat(alert.timeMillis()).isEqualTo((T0 + 60) * 1000);
        });
        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void fortyNineAreNotHoweverManyPortsTheyAnswerOn() {
        Detection detection = fanOut(ORIGINATOR, "10.0.1.", 49, 445, Connections::answered);
        for (int i = 0; i < 49; i++) {
            detection.see(from(ORIGINATOR, "10.0.1." + i, 22).answered());
        }

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void databasePortsCountToo() {
        assertThat(fanOut(ORIGINATOR, "10.0.1.", 50, 5432, Connections::answered)
                        .until(DONE)
                        .creates())
                .hasSize(1);
    }

    @Test
    void moreThanHalfAnHourIsTooSlow() {
        Detection detection = Detection.of(LateralFanOut.FAMILY);
        for (int i = 0; i < 200; i++) {
            detection.see(from(ORIGINATOR, "10.0.1." + i, 22).answered().at(i * 40L));
        }

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void aLoadBalancersHealthChecksAreNotOnAdminPorts() {
        assertNothing(fanOut(ORIGINATOR, "10.0.1.", 200, 443, Connections::answered));
    }

    @Test
    void attemptsWithoutAnAnswerAreAScanNotAFanOut() {
        assertNothing(fanOut(ORIGINATOR, "10.0.1.", 200, 22, Connections::unanswered));
        assertNothing(fanOut(ORIGINATOR, "10.0.1.", 200, 22, Connections::denied));
    }

    @Test
    void aGuessedDirectionAccusesNobody() {
        assertNothing(
                fanOut(ORIGINATOR, "10.0.1.", 200, 22, one -> one.answered().guessed()));
    }

    @Test
    void neitherSideMayBeOutside() {
        assertNothing(fanOut("198.51.100.7", "10.0.1.", 200, 22, Connections::answered));
        assertNothing(fanOut(ORIGINATOR, "198.51.100.", 200, 22, Connections::answered));
    }

    @Test
    void aBastionOnTheAllowListIsSuppressed() {
        Detection detection = Detection.of(
                LateralFanOut.FAMILY, "rules: {lateral-fan-out: {allow: [{source: 10.0.9.9, reason: bastion}]}}");
        for (int i = 0; i < 50; i++) {
            detection.see(from(ORIGINATOR, "10.0.1." + i, 22).answered());
        }

        detection.until(DONE);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsOnly("allow source=10.0.9.9 reason=bastion");
    }

    @Test
    void aGatewayIsNotBlamedForThoseBehindIt() {
        Detection detection = fanOut("10.0.0.254", "10.0.1.", 50, 22, Connections::answered);
        detection.see(from(ORIGINATOR, "10.0.1.1", 22).answered().through("10.0.0.254"));

        detection.until(DONE);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsOnly("translated");
    }

    @Test
    void neitherArrivalOrderNorWatermarkStepsShow() {
        List<Connections> connections = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            connections.add(from(ORIGINATOR, "10.0.1." + i % 70, 22)
                    .answered()
                    .at(i * 20L)
                    .decided(2_500));
        }
        List<Alert> expected = run(connections, 60);
        Collections.shuffle(connections, new Random(1));

        assertThat(expected).isNotEmpty();
        assertThat(run(connections, 4_000)).isEqualTo(expected);
    }

    private static List<Alert> run(List<Connections> connections, int step) {
        Detection detection = Detection.of(LateralFanOut.FAMILY);
        connections.forEach(detection::see);
        for (long now = 0; now <= DONE; now += step) {
            detection.until(now);
        }
        return detection.until(DONE).all();
    }

    private static void assertNothing(Detection detection) {
        assertThat(detection.until(DONE).all()).isEmpty();
    }

    private static Detection fanOut(
            String originator, String responders, int count, int port, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(LateralFanOut.FAMILY);
        for (int i = 0; i < count; i++) {
            detection.see(kind.apply(from(originator, responders + i, port).at(i % 60)));
        }
        return detection;
    }
}
