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
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.FlowRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BeaconTest {

    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.9";

    @Test
    void aConnectionEveryTenMinutesIsABeaconAfterEightHours() {
        Detection detection = every(600, 48, UnaryOperator.identity());

        detection.until(8 * HOUR + 200);

        assertThat(detection.all()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("beacon");
            assertThat(alert.activity()).isEqualTo(Activity.CREATE);
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity())
                    .containsExactly(
                            new EntityField("originator", HOST),
                            new EntityField("responder", PEER),
                            new EntityField("port", "443"));
            // Everything is even, and it has gone on for 8 of 12 hours: (1 + 1 + 0.667 + 1) / 4.
            assertThat(alert.title())
                    .isEqualTo("Beacon: 10.0.1.5 opened 48 connections to 203.0.113.9 port 443 at even intervals,"
                            + " score 91 %");
            assertThat(alert.numbers()).containsEntry("connections", 48L).containsEntry("score_percent", 91L);
            assertThat(alert.context())
                    .containsEntry("interval", "600 s")
                    .containsEntry("timestamp_score", "1.000")
                    .containsEntry("data_size_score", "1.000")
                    .containsEntry("duration_score", "0.667")
                    .containsEntry("histogram_score", "1.000");
            assertThat(alert.timeMillis()).isEqualTo((T0 + 8 * HOUR) * 1000);
            assertThat(alert.thresholds()).containsEntry("opens", 20.0).containsEntry("score", 0.9);
        });
        assertThat(detection.ties()).containsExactly("pair originator vpc-1 10.0.1.5 responder 203.0.113.9");
    }

    @Test
    void nothingIsABeaconInItsFirstSevenHours() {
        assertThat(every(600, 42, UnaryOperator.identity())
                        .until(7 * HOUR + 200)
                        .all())
                .isEmpty();
    }

    @Test
    void twentyOpensAreTheFewest() {
        Detection few = every(HOUR, 19, UnaryOperator.identity());
        Detection enough = every(HOUR, 20, UnaryOperator.identity());

        assertThat(few.until(19 * HOUR + 200).all()).isEmpty();
        assertThat(enough.until(20 * HOUR + 200).alerts()).hasSize(1);
    }

    @Test
    void intervalsBelowFiveMinutesAreTicksOfTheLog() {
        assertThat(every(299, 400, UnaryOperator.identity()).until(2 * DAY).all())
                .isEmpty();
        assertThat(every(300, 400, UnaryOperator.identity()).until(2 * DAY).creates())
                .hasSize(1);
    }

    @Test
    void withTenMinutesAsAggregationIntervalBelowFiftyMinutes() {
        Detection shorter = Detection.of(Beacon.FAMILY, Duration.ofMinutes(10));
        Detection longer = Detection.of(Beacon.FAMILY, Duration.ofMinutes(10));
        for (int i = 0; i < 60; i++) {
            shorter.see(from(HOST, PEER, 443).at(i * 2_999L).decided(i * 2_999L + 1_000));
            longer.see(from(HOST, PEER, 443).at(i * 3_000L).decided(i * 3_000L + 1_000));
        }

        assertThat(shorter.until(2 * DAY).all()).isEmpty();
        assertThat(longer.until(2 * DAY).creates()).hasSize(1);
    }

    @Test
    void peopleAreNotRegular() {
        Random random = new Random(7);
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < 200; i++) {
            detection.see(from(HOST, PEER, 443).at(random.nextInt((int) DAY)).bytes(500 + random.nextInt(50_000)));
        }

        assertThat(detection.until(2 * DAY).all()).isEmpty();
    }

    @Test
    void aClockThatSendsSomethingElseEachTimeIsNone() {
        Random random = new Random(7);

        assertThat(every(600, 144, open -> open.bytes(1L << random.nextInt(30)))
                        .until(2 * DAY)
                        .all())
                .isEmpty();
    }

    @Test
    void awsServicesAreNoneExceptWhereAnybodyMayBe() {
        assertThat(alertsOf(open -> open.service("S3"))).isZero();
        assertThat(alertsOf(open -> open.service("EC2"))).isEqualTo(1);
        assertThat(alertsOf(open -> open.service("AMAZON"))).isEqualTo(1);
    }

    @Test
    void attemptsAndGuessesAreNone() {
        assertThat(alertsOf(Connections::unanswered)).isZero();
        assertThat(alertsOf(open -> open.state(ConnState.REJ))).isZero();
        assertThat(alertsOf(Connections::guessed)).isZero();
        assertThat(alertsOf(open -> open.protocol(FlowRecord.UDP).state(ConnState.S0)))
                .isZero();
        assertThat(alertsOf(open -> open.protocol(FlowRecord.ICMP).state(ConnState.OTH)))
                .isZero();
    }

    @Test
    void everySuccessfulStateCounts() {
        ConnState[] states = {ConnState.S1, ConnState.S2, ConnState.S3, ConnState.SF, ConnState.RSTO, ConnState.RSTR};
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < 20; i++) {
            detection.see(from(HOST, PEER, 443).at(i * HOUR).state(states[i % states.length]));
        }

        assertThat(detection.until(20 * HOUR + 200).alerts()).hasSize(1);
    }

    @Test
    void anExternalOriginatorIsNone() {
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < 144; i++) {
            detection.see(from(PEER, HOST, 443).at(i * 600L));
        }

        assertThat(detection.until(2 * DAY).all()).isEmpty();
    }

    @Test
    void groupsAreNoResponders() {
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < 144; i++) {
            detection.see(from(HOST, "224.0.0.251", 5_353)
                    .protocol(FlowRecord.UDP)
                    .state(ConnState.SF)
                    .at(i * 600L));
        }

        assertThat(detection.until(2 * DAY).all()).isEmpty();
    }

    @Test
    void anInternalResponderIsADryRun() {
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < 48; i++) {
            detection.see(from(HOST, "10.0.2.7", 443).at(i * 600L));
        }

        detection.until(8 * HOUR + 200);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsExactly("dry-run");
    }

    @Test
    void nameResolutionAndTimeAreAllowedOverUdpAlone() {
        for (int port : new int[] {53, 123}) {
            Detection udp = to(port, FlowRecord.UDP);
            Detection tcp = to(port, FlowRecord.TCP);

            assertThat(udp.alerts()).isEmpty();
            assertThat(udp.suppressed()).singleElement().satisfies(alert -> assertThat(alert.suppressedBy())
                    .startsWith("allow port=" + port + " protocol=17 "));
            assertThat(tcp.alerts()).hasSize(1);
        }
    }

    @Test
    void otherPortsOverUdpAreNotAllowed() {
        assertThat(to(4_444, FlowRecord.UDP).alerts()).hasSize(1);
    }

    @Test
    void aGatewayWhoseInnerConnectionsAreLoggedIsHeldBack() {
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < 48; i++) {
            detection.see(from(HOST, PEER, 443).at(i * 600L).throughNat("10.0.9.1"));
            detection.see(from("10.0.9.1", PEER, 443).at(i * 600L));
        }

        detection.until(8 * HOUR + 200);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> assertThat(alert.entity())
                .contains(new EntityField("originator", HOST)));
        assertThat(detection.suppressed()).singleElement().satisfies(alert -> {
            assertThat(alert.suppressedBy()).isEqualTo("translated");
            assertThat(alert.entity()).contains(new EntityField("originator", "10.0.9.1"));
        });
    }

    @Test
    void eachPortIsJudgedByItself() {
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < 144; i++) {
            detection.see(from(HOST, PEER, 443 + i % 10).at(i * 600L));
        }

        assertThat(detection.until(2 * DAY).all()).isEmpty();
    }

    @Test
    void whatBeganBeforeTheWindowIsNotScored() {
        Detection detection = every(HOUR, 19, UnaryOperator.identity());

        // Three days long, so its start is nowhere near the others.
        detection.see(from(HOST, PEER, 443).at(-3 * DAY).decided(18 * HOUR));
        detection.until(19 * HOUR + 200);

        assertThat(detection.all()).isEmpty();
    }

    @Test
    void itIsClosedADayAfterItLastHeld() {
        Detection detection = every(600, 72, UnaryOperator.identity()).until(3 * DAY);

        List<Alert> alerts = detection.alerts();
        assertThat(alerts.get(0).activity()).isEqualTo(Activity.CREATE);
        assertThat(alerts.get(alerts.size() - 1).activity()).isEqualTo(Activity.CLOSE);
        assertThat(alerts)
                .extracting(Alert::findingId)
                .containsOnly(alerts.get(0).findingId());
        assertThat(detection.keysKept()).isZero();
    }

    @Property(tries = 100)
    void neitherArrivalOrderNorWatermarkStepsShow(
            @ForAll @IntRange(max = 1_000) int jitter,
            @ForAll @IntRange(max = 1_000) int order,
            @ForAll @IntRange(min = 60, max = 20_000) int step) {
        Random random = new Random(jitter);
        List<Connections> traffic = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long start = i * 600L + random.nextInt(40);
            traffic.add(from(HOST, PEER, 443)
                    .at(start)
                    .bytes(500 + random.nextInt(20))
                    .decided(start + random.nextInt(2_000)));
        }

        List<Alert> expected = Replay.of(Beacon.FAMILY, "", traffic, 3_600, 0, 3 * DAY);
        List<Alert> actual = Replay.of(Beacon.FAMILY, "", traffic, step, order, 3 * DAY);

        assertThat(actual).isNotEmpty().isEqualTo(expected);
    }

    private static long alertsOf(UnaryOperator<Connections> kind) {
        return every(600, 48, kind).until(8 * HOUR + 200).alerts().size();
    }

    private static Detection to(int port, int protocol) {
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < 48; i++) {
            Connections open = from(HOST, PEER, port).at(i * 600L);
            detection.see(protocol == FlowRecord.TCP ? open : open.protocol(protocol));
        }
        return detection.until(8 * HOUR + 200);
    }

    private static Detection every(long seconds, int opens, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(Beacon.FAMILY);
        for (int i = 0; i < opens; i++) {
            detection.see(kind.apply(from(HOST, PEER, 443).at(i * seconds)));
        }
        return detection;
    }
}
