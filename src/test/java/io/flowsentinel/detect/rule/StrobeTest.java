package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.Replay;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StrobeTest {

    private static final long HOUR = 3_600;
    private static final String FEW = "rules: {strobe: {thresholds: {opens: 48}}}";
    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.9";

    @Test
    void aConnectionEverySecondOfADayIsAStrobe() {
        Detection detection = Detection.of(Strobe.FAMILY);
        for (int second = 0; second < 86_400; second++) {
            detection.see(from(HOST, PEER, 443).at(second));
        }

        detection.until(24 * HOUR + 200);

        assertThat(detection.all()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("strobe");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity())
                    .containsExactly(new EntityField("originator", HOST), new EntityField("responder", PEER));
            assertThat(alert.title()).isEqualTo("Strobe: 10.0.1.5 opened 86400 connections to 203.0.113.9");
            assertThat(alert.numbers()).containsEntry("connections", 86_400L);
            assertThat(alert.timeMillis()).isEqualTo((T0 + 24 * HOUR) * 1000);
            assertThat(alert.connections()).hasSize(Alert.MAX_EVIDENCE);
        });
        assertThat(detection.ties()).containsExactly("pair originator vpc-1 10.0.1.5 responder 203.0.113.9");
    }

    @Test
    void aSecondLessIsNot() {
        Detection detection = Detection.of(Strobe.FAMILY);
        for (int second = 1; second < 86_400; second++) {
            detection.see(from(HOST, PEER, 443).at(second));
        }

        assertThat(detection.until(50 * HOUR).all()).isEmpty();
    }

    @Test
    void opensCountWithinADay() {
        Detection held = run(48, HOUR / 2, UnaryOperator.identity());
        Detection slow = run(90, HOUR / 2 + 60, UnaryOperator.identity());

        assertThat(held.creates()).hasSize(1);
        assertThat(slow.all()).isEmpty();
    }

    @Test
    void failedAttemptsFromInsideAndAllPortsCount() {
        Detection detection = Detection.of(Strobe.FAMILY, FEW);
        for (int i = 0; i < 48; i++) {
            detection.see(from(HOST, PEER, 1_000 + i).unanswered().at(i));
        }

        assertThat(detection.until(2 * HOUR).alerts()).hasSize(1);
    }

    @Test
    void aPublicOriginatorIsOneWhateverItTalksTo() {
        Detection detection = Detection.of(Strobe.FAMILY, FEW);
        for (int i = 0; i < 48; i++) {
            detection.see(from(PEER, HOST, 443).answered().at(i).scope(i % 2 == 0 ? "vpc-1" : "vpc-2"));
        }

        assertThat(detection.until(2 * HOUR).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.scope()).isNull();
            assertThat(alert.entity()).startsWith(new EntityField("originator", PEER));
        });
    }

    @Test
    void attemptsFromOutsideThatNobodyAnswersAreScansNotStrobes() {
        Detection detection = Detection.of(Strobe.FAMILY, FEW);
        for (int i = 0; i < 200; i++) {
            detection.see(from(PEER, HOST, 443).unanswered().at(i));
        }

        assertThat(detection.until(50 * HOUR).all()).isEmpty();
    }

    @Test
    void twoInternalSidesAreNone() {
        Detection detection = Detection.of(Strobe.FAMILY, FEW);
        for (int i = 0; i < 200; i++) {
            detection.see(from(HOST, "10.0.2.7", 443).at(i));
        }

        assertThat(detection.until(50 * HOUR).all()).isEmpty();
    }

    @Test
    void aResolverOverUdpIsNone() {
        assertThat(run(200, 1, open -> open.protocol(FlowRecord.UDP)).all()).isEmpty();
    }

    @Test
    void guessedDirectionsAccuseNobody() {
        assertThat(run(200, 1, Connections::guessed).all()).isEmpty();
    }

    @Test
    void backscatterAccusesNobody() {
        assertThat(run(200, 1, open -> open.with(Trait.UNSOLICITED_SYNACK)).all())
                .isEmpty();
    }

    @Test
    void aGatewayWhoseInnerConnectionsAreLoggedIsHeldBack() {
        Detection detection = Detection.of(Strobe.FAMILY, FEW);
        for (int i = 0; i < 48; i++) {
            detection.see(from("10.0.9.1", PEER, 443).at(i));
        }
        detection.see(from(HOST, PEER, 443).through("10.0.9.1"));

        detection.until(2 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsExactly("translated");
    }

    @Test
    void anAllowedPairIsHeldBack() {
        Detection detection = Detection.of(
                Strobe.FAMILY,
                "rules: {strobe: {thresholds: {opens: 48}, allow: [{destination: 203.0.113.0/24, reason: probe}]}}");
        for (int i = 0; i < 48; i++) {
            detection.see(from(HOST, PEER, 443).at(i));
        }

        detection.until(2 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow destination=203.0.113.0/24 reason=probe");
    }

    @Test
    void itIsClosedADayAfterItLastHeld() {
        Detection detection = run(48, 1, UnaryOperator.identity()).until(60 * HOUR);

        List<Activity> activities = new ArrayList<>();
        detection.alerts().forEach(alert -> activities.add(alert.activity()));
        assertThat(activities).startsWith(Activity.CREATE).endsWith(Activity.CLOSE);
        // The condition last holds at the end of the 24th pane.
        assertThat(detection.alerts().get(activities.size() - 1).timeMillis()).isEqualTo((T0 + 48 * HOUR) * 1000);
    }

    @Property(tries = 30)
    void neitherArrivalOrderNorWatermarkStepsShow(
            @ForAll @IntRange(max = 1_000) int order, @ForAll @IntRange(min = 60, max = 40_000) int step) {
        List<Connections> traffic = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            traffic.add(from(HOST, PEER, 443).at(i * 700L));
        }

        List<Alert> expected = Replay.of(Strobe.FAMILY, FEW, traffic, 3_600, 0, 70 * HOUR);
        List<Alert> actual = Replay.of(Strobe.FAMILY, FEW, traffic, step, order, 70 * HOUR);

        assertThat(actual).isNotEmpty().isEqualTo(expected);
    }

    private static Detection run(int opens, long apart, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(Strobe.FAMILY, FEW);
        for (int i = 0; i < opens; i++) {
            detection.see(kind.apply(from(HOST, PEER, 443).at(i * apart)));
        }
        return detection.until(50 * HOUR);
    }
}
