package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static io.flowsentinel.detect.judging.Records.answers;
import static io.flowsentinel.detect.judging.Records.asks;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.Replays;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.Records;
import io.flowsentinel.detect.judging.VolumeRecords;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class OutboundDosTest {

    private static final String BOT = "10.0.1.5";
    private static final String VICTIM = "203.0.113.9";
    private static final String GATEWAY = "10.0.0.220";
    private static final long PACKETS = 20_000 * 60;
    private static final long BYTES = 1_000_000_000L / 8 * 60;
    private static final String THREE_A_SECOND = "rules: {outbound-dos: {thresholds: {connections: 3}%s}}";
    private static final long DONE = 1_200;

    @Test
    void twentyThousandPacketsASecondAreAFlood() {
        Detection detection = sent(record -> record.carrying(PACKETS, PACKETS * 60));

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("outbound-dos");
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.timeMillis()).isEqualTo((T0 + 60) * 1_000);
            assertThat(alert.entity())
                    .containsExactly(new EntityField("originator", BOT), new EntityField("responder", VICTIM));
            assertThat(alert.title())
                    .isEqualTo("Outbound flood: 10.0.1.5 sent 203.0.113.9 up to 20000 packets, 9600000 bits and"
                            + " 0 connections a second");
            assertThat(alert.numbers()).containsKey("records").doesNotContainKey("connections");
            assertThat(alert.numbers())
                    .containsEntry("packets_per_second", 20_000L)
                    .containsEntry("bits_per_second", 9_600_000L)
                    .containsEntry("connections_per_second", 0L)
                    .containsEntry("packets", PACKETS)
                    .containsEntry("bytes", PACKETS * 60);
        });
        assertThat(detection.ties()).containsExactly("originator vpc-1 10.0.1.5", "responder 203.0.113.9");
    }

    @Test
    void onePacketLessIsNot() {
        assertNothing(record -> record.carrying(PACKETS - 1, PACKETS * 60));
    }

    @Test
    void aGigabitASecondIsAFlood() {
        assertThat(sent(record -> record.carrying(1_000, BYTES)).creates()).hasSize(1);
        assertNothing(record -> record.carrying(1_000, BYTES - 1));
    }

    @Test
    void manySmallRecordsAddUp() {
        Detection detection = Detection.of(OutboundDos.FAMILY);
        for (int i = 0; i < 1_200; i++) {
            detection.see(asks(BOT, i, VICTIM, i).carrying(1_000, 60_000).fold());
        }

        assertThat(detection.until(DONE).creates()).singleElement().satisfies(alert -> {
            assertThat(alert.numbers()).containsEntry("packets_per_second", 20_000L);
            assertThat(alert.records()).hasSize(Alert.MAX_EVIDENCE);
        });
    }

    @Test
    void aRecordIsSpreadOverThePanesItTouches() {
        assertNothing(record -> record.carrying(PACKETS, PACKETS * 60).at(30));
        Detection detection = Detection.of(OutboundDos.FAMILY)
                .see(asks(BOT, 1, VICTIM, 80).carrying(PACKETS, 0).at(30).fold())
                .see(asks(BOT, 1, VICTIM, 80).carrying(PACKETS, 0).at(90).fold());

        assertThat(detection.until(DONE).creates()).singleElement().satisfies(alert -> {
            assertThat(alert.timeMillis()).isEqualTo((T0 + 120) * 1_000);
            assertThat(alert.numbers()).containsEntry("packets", PACKETS);
        });
    }

    @Test
    void whatAResponderSendsToWhoeverAskedIsNone() {
        Detection detection = Detection.of(OutboundDos.FAMILY)
                .see(answers(BOT, 443, VICTIM, 50_000)
                        .carrying(2 * PACKETS, 2 * BYTES)
                        .fold());

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void awsServicesRejectedPacketsAndOtherInterfacesViewsAreNone() {
        UnaryOperator<Records> flood = record -> record.carrying(2 * PACKETS, 2 * BYTES);
        assertNothing(record -> flood.apply(record).toService("S3"));
        assertNothing(record -> flood.apply(record).rejected());
        assertNothing(record -> flood.apply(record).going(FlowDirection.INGRESS));
        assertNothing(record -> flood.apply(record).going(FlowDirection.ABSENT));
        assertNothing(record -> flood.apply(record).by("eni-nat", "nat_gateway").forwardedAs(GATEWAY));
    }

    @Test
    void onlyPublicRespondersAreFlooded() {
        Detection detection = Detection.of(OutboundDos.FAMILY)
                .see(asks(BOT, 1, "10.0.2.9", 80).carrying(2 * PACKETS, 0).fold())
                .see(asks(BOT, 1, "224.0.0.9", 80).carrying(2 * PACKETS, 0).fold());

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void whatAGatewaySendsForOthersIsHeldBack() {
        Detection detection = Detection.of(OutboundDos.FAMILY)
                .see(asks(BOT, 1, VICTIM, 80).carrying(PACKETS, 0).fold())
                .see(asks(BOT, 1, VICTIM, 80)
                        .carrying(PACKETS, 0)
                        .by("eni-nat", "nat_gateway")
                        .going(FlowDirection.INGRESS)
                        .forwardedAs(GATEWAY)
                        .fold())
                .see(asks(GATEWAY, 1, VICTIM, 80)
                        .carrying(PACKETS, 0)
                        .by("eni-nat", "nat_gateway")
                        .fold());

        detection.until(DONE);

        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.entity()).contains(new EntityField("originator", BOT));
            assertThat(alert.context()).doesNotContainKey("translated");
        });
        assertThat(detection.suppressed()).singleElement().satisfies(alert -> {
            assertThat(alert.entity()).contains(new EntityField("originator", GATEWAY));
            assertThat(alert.suppressedBy()).isEqualTo("translated");
        });
    }

    @Test
    void aGatewayThatStandsForWhoIsNotLoggedIsNamed() {
        Detection detection = Detection.of(OutboundDos.FAMILY)
                .see(asks(GATEWAY, 1, VICTIM, 80)
                        .carrying(PACKETS, 0)
                        .by("eni-nat", "nat_gateway")
                        .fold());

        assertThat(detection.until(DONE).creates()).singleElement().satisfies(alert -> assertThat(alert.context())
                .containsEntry("translated", "true"));
    }

    @Test
    void connectionsASecondAreAFloodToo() {
        Detection detection = opened(180, "", Connections::originatorLogged);

        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.title()).endsWith("up to 0 packets, 0 bits and 3 connections a second");
            assertThat(alert.numbers()).containsEntry("connections", 180L);
        });
        assertThat(opened(179, "", Connections::originatorLogged).all()).isEmpty();
    }

    @Test
    void connectionsThatDidNotLeaveOrGoToAServiceAreNone() {
        assertThat(opened(400, "", connection -> connection).all()).isEmpty();
        assertThat(opened(400, "", connection -> connection.originatorLogged().verdict(Verdict.DENIED_EGRESS))
                        .all())
                .isEmpty();
        assertThat(opened(400, "", connection -> connection.originatorLogged().responderService("S3"))
                        .all())
                .isEmpty();
    }

    @Test
    void connectionsOfAGatewayAreHeldBack() {
        Detection detection = Detection.of(OutboundDos.FAMILY, THREE_A_SECOND.formatted(""));
        detection.see(from(BOT, VICTIM, 80).originatorLogged().through(GATEWAY));
        for (int i = 0; i < 180; i++) {
            detection.see(from(GATEWAY, 1_024 + i, VICTIM, 80).originatorLogged());
        }

        assertThat(detection.until(DONE).all()).singleElement().satisfies(alert -> assertThat(alert.suppressedBy())
                .isEqualTo("translated"));
    }

    @Test
    void anAllowListCoversConnections() {
        Detection detection = opened(
                180, ", allow: [{source: 10.0.1.5, port: 80, reason: load test}]", Connections::originatorLogged);

        assertThat(detection.all()).singleElement().satisfies(alert -> assertThat(alert.suppressedBy())
                .isEqualTo("allow source=10.0.1.5 port=80 reason=load test"));
    }

    @Test
    void tenTimesAsManyAreAnUpdateAndAnHourOfQuietACloses() {
        Detection detection = Detection.of(OutboundDos.FAMILY)
                .see(asks(BOT, 1, VICTIM, 80).carrying(PACKETS, 0).fold())
                .see(asks(BOT, 1, VICTIM, 80).carrying(10 * PACKETS, 0).at(60).fold());

        detection.until(9_000);

        assertThat(detection.alerts())
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.UPDATE, Activity.CLOSE);
        assertThat(detection.alerts().get(2).title()).contains("up to 200000 packets");
        assertThat(detection.alerts().get(2).timeMillis()).isEqualTo((T0 + 120 + 3_600) * 1_000);
    }

    @Test
    void neitherOrderNorStepsShow() {
        List<FoldedRecord> records = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            records.add(asks(BOT, i % 50, VICTIM, 80)
                    .carrying(2_000, 120_000)
                    .at(i / 10)
                    .lasting(i % 61)
                    .fold());
        }

        assertThat(Replays.alike(OutboundDos.FAMILY, List.of(), records, 9_000))
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.CLOSE);
    }

    @Test
    void aPodsFloodIsItsOwnAndItsNodeStandsForNobody() {
        String pod = "10.0.44.5";
        String node = "10.0.1.7";
        Observer ofNode = VolumeRecords.observer("eni-node", "i-1");
        Detection detection = Detection.of(OutboundDos.FAMILY)
                .see(VolumeRecords.sent(pod, VICTIM)
                        .by(ofNode)
                        .inTheNameOf(node)
                        .carrying(2_000_000, 120_000_000))
                .see(VolumeRecords.sent(node, VICTIM).by(ofNode).carrying(2_000_000, 120_000_000));

        assertThat(detection.until(DONE).creates())
                .extracting(alert -> alert.entity().get(0).value())
                .containsExactlyInAnyOrder(pod, node);
        assertThat(detection.suppressed()).isEmpty();
    }

    private static Detection opened(int connections, String allow, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(OutboundDos.FAMILY, THREE_A_SECOND.formatted(allow));
        for (int i = 0; i < connections; i++) {
            detection.see(kind.apply(from(BOT, 1_024 + i, VICTIM, 80).at(i % 60)));
        }
        return detection.until(DONE);
    }

    private static Detection sent(UnaryOperator<Records> kind) {
        return Detection.of(OutboundDos.FAMILY)
                .see(kind.apply(asks(BOT, 40_000, VICTIM, 80)).fold())
                .until(DONE);
    }

    private static void assertNothing(UnaryOperator<Records> kind) {
        assertThat(sent(kind).all()).isEmpty();
    }
}
