package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.VolumeRecords.observer;
import static io.flowsentinel.detect.judging.VolumeRecords.received;
import static io.flowsentinel.detect.judging.VolumeRecords.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.AnyOrder;
import io.flowsentinel.detect.Detection;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.FoldedRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboundVolumeTest {

    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.9";
    private static final long MB = 1_000_000;
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long LEARNED = 8 * DAY;

    @Test
    void anHourFarAboveTheEndpointsOwnPastIsAFinding() {
        Detection detection = usual(2 * MB);

        detection.see(sent(HOST, PEER).at(LEARNED).carrying(500_000, 600 * MB)).until(LEARNED + HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("outbound-volume");
            assertThat(alert.activity()).isEqualTo(Activity.CREATE);
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("endpoint", HOST));
            assertThat(alert.title())
                    .isEqualTo("Outbound volume: 10.0.1.5 sent up to 600000000 bytes an hour to public peers such as "
                            + PEER);
            assertThat(alert.numbers())
                    .containsEntry("bytes_per_hour", 600 * MB)
                    .containsEntry("bytes", 600 * MB);
            assertThat(alert.anomaly())
                    .isEqualTo(new Anomaly(
                            "bytes per hour to public peers",
                            "600000000 bytes",
                            "at most 2000000 bytes in 99.5 % of hours"));
            assertThat(alert.baselineSinceMillis()).isEqualTo(T0 * 1_000);
            assertThat(alert.context()).containsEntry("interface", "eni-web").containsEntry("most_sent_by", HOST);
            assertThat(alert.records()).hasSize(1);
            assertThat(alert.timeMillis()).isEqualTo((T0 + LEARNED + 60) * 1_000);
        });
    }

    @Test
    void whatARecordCarriedIsSpreadOverItsTime() {
        Detection within =
                usual(2 * MB).see(sent(HOST, PEER).at(LEARNED + 30).lasting(60).carrying(1, 600 * MB));

        assertThat(within.until(LEARNED + HOUR).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.timeMillis()).isEqualTo((T0 + LEARNED + 120) * 1_000);
            assertThat(alert.count()).isEqualTo(1);
            assertThat(alert.connections()).hasSize(1);
            assertThat(alert.records()).hasSize(1);
        });
    }

    @Test
    void theLargestRecordIsShownHoweverManyThereAre() {
        Detection detection = usual(2 * MB);
        for (int i = 0; i < 60; i++) {
            detection.see(sent(HOST, "203.0.113." + i).at(LEARNED + i * 30L).carrying(1, i == 40 ? 600 * MB : MB));
        }
        detection.until(LEARNED + HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.title()).endsWith("such as 203.0.113.40, 203.0.113.0, 203.0.113.1");
            assertThat(alert.context().get("peers")).startsWith("203.0.113.40, 203.0.113.0, ");
            assertThat(alert.context().get("peers").split(", ")).hasSize(10);
            assertThat(alert.numbers()).doesNotContainKey("connections").containsKey("records");
            assertThat(alert.context()).containsEntry("largest_record", "203.0.113.40 got 600000000 bytes");
            assertThat(alert.connections())
                    .hasSize(Alert.MAX_EVIDENCE)
                    .anyMatch(evidence ->
                            evidence.responder().endpoint().address().toString().equals("203.0.113.40"));
        });
    }

    @Test
    void theFloorItselfIsNotEnough() {
        Detection at = usual(2 * MB).see(sent(HOST, PEER).at(LEARNED).carrying(1, 500 * MB));
        Detection above = usual(2 * MB).see(sent(HOST, PEER).at(LEARNED).carrying(1, 500 * MB + 1));

        assertThat(at.until(LEARNED + DAY).all()).isEmpty();
        assertThat(above.until(LEARNED + HOUR).alerts()).hasSize(1);
    }

    @Test
    void tenTimesWhatIsUsualIsNotEnough() {
        Detection at = usual(80 * MB).see(sent(HOST, PEER).at(LEARNED).carrying(1, 800 * MB));
        Detection above = usual(80 * MB).see(sent(HOST, PEER).at(LEARNED).carrying(1, 800 * MB + 1));

        assertThat(at.until(LEARNED + DAY).all()).isEmpty();
        assertThat(above.until(LEARNED + HOUR).alerts()).hasSize(1);
    }

    @Test
    void manyRecordsOfOneHourAddUpAndThoseOfAnotherDoNot() {
        Detection together = usual(2 * MB);
        Detection apart = usual(2 * MB);
        for (int i = 0; i < 6; i++) {
            together.see(sent(HOST, "203.0.113." + i).at(LEARNED + i * 590L).carrying(1, 100 * MB));
            apart.see(sent(HOST, "203.0.113." + i).at(LEARNED + i * 730L).carrying(1, 100 * MB));
        }

        assertThat(together.until(LEARNED + 3 * HOUR).creates()).hasSize(1);
        assertThat(apart.until(LEARNED + 3 * HOUR).all()).isEmpty();
    }

    @Test
    void aServerThatAlwaysSendsMuchIsUsual() {
        Detection detection = usual(900 * MB);

        detection.see(sent(HOST, PEER).answer().at(LEARNED).carrying(1, 2_000 * MB));

        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
    }

    @Test
    void oneOddHourOfTwoWeeksIsNotUsualTwoAre() {
        assertThat(afterOddHours(1).creates()).hasSize(1);
        assertThat(afterOddHours(2).creates()).isEmpty();
    }

    @Test
    void whatWasSentLongerThanTwoWeeksAgoIsNotUsualAnyMore() {
        Detection detection = Detection.of(OutboundVolume.FAMILY);
        learn(detection, 0, 48, 90 * MB);
        learn(detection, 48, 16 * 24, MB);

        detection.see(sent(HOST, PEER).at(16 * DAY + 2 * HOUR).carrying(1, 600 * MB));

        assertThat(detection.until(16 * DAY + 5 * HOUR).creates()).hasSize(1);
    }

    @Test
    void awsServicesInternalPeersRejectedPacketsAndOtherInterfacesDoNotCount() {
        Detection detection = usual(2 * MB)
                .see(sent(HOST, PEER).at(LEARNED).toService("S3").carrying(1, 900 * MB))
                .see(sent(HOST, "10.0.2.2").at(LEARNED).carrying(1, 900 * MB))
                .see(sent(HOST, PEER).at(LEARNED).rejected().carrying(1, 900 * MB))
                .see(received(PEER, HOST).at(LEARNED).carrying(1, 900 * MB))
                .see(received(HOST, PEER).at(LEARNED).gotBy("10.0.0.220").carrying(1, 900 * MB));

        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
    }

    @Test
    void interfacesOfOneInstanceAreOneEndpointNamedByItsLowestAddress() {
        Detection detection = Detection.of(OutboundVolume.FAMILY);
        for (int hour = 0; hour < 8 * 24; hour++) {
            detection.see(sent("10.0.1.4", PEER)
                    .by(observer("eni-1", "i-1"))
                    .at(hour * HOUR)
                    .carrying(1, MB));
        }
        detection.until(LEARNED);

        detection.see(
                sent("10.0.1.8", PEER).by(observer("eni-1", "i-1")).at(LEARNED).carrying(1, 200 * MB));
        detection.see(
                sent("10.0.1.9", PEER).by(observer("eni-2", "i-1")).at(LEARNED).carrying(1, 400 * MB));

        assertThat(detection.until(LEARNED + HOUR).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.entity()).containsExactly(new EntityField("endpoint", "10.0.1.4"));
            assertThat(alert.context()).containsEntry("instance", "i-1").containsEntry("most_sent_by", "10.0.1.9");
        });
    }

    @Test
    void aGatewayIsHeldBackWhereItForwardsForOthers() {
        Detection detection = Detection.of(OutboundVolume.FAMILY);
        for (int hour = 0; hour < 8 * 24; hour++) {
            detection.see(sent("10.0.0.220", PEER)
                    .by(observer("eni-nat", null))
                    .at(hour * HOUR)
                    .carrying(1, MB));
        }
        detection.until(LEARNED);

        detection.see(received(HOST, PEER)
                .by(observer("eni-nat", null))
                .gotBy("10.0.0.220")
                .at(LEARNED)
                .carrying(1, 600 * MB));
        detection.see(sent("10.0.0.220", PEER)
                .by(observer("eni-nat", null))
                .at(LEARNED)
                .carrying(1, 600 * MB));
        detection.until(LEARNED + HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsExactly("translated");
    }

    @Test
    void nothingIsSaidBeforeTheBaselineIsReached() {
        Detection shortly = Detection.of(OutboundVolume.FAMILY);
        learn(shortly, 0, 6 * 24, MB);
        Detection seldom = Detection.of(OutboundVolume.FAMILY);
        for (int hour = 0; hour < 8 * 24; hour += 4) {
            seldom.see(sent(HOST, PEER).at(hour * HOUR).carrying(1, MB));
        }
        seldom.until(LEARNED);

        shortly.see(sent(HOST, PEER).at(6 * DAY + HOUR).carrying(1, 900 * MB));
        seldom.see(sent(HOST, PEER).at(LEARNED).carrying(1, 900 * MB));

        assertThat(shortly.until(6 * DAY + 3 * HOUR).all()).isEmpty();
        assertThat(seldom.until(LEARNED + 3 * HOUR).all()).isEmpty();
    }

    @Test
    void anEndpointThatWasSilentForTwoWeeksIsForgotten() {
        Detection detection = usual(MB).until(LEARNED + 16 * DAY);

        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void theEpisodeClosesAnHourAfterItsLastPane() {
        Detection detection = usual(2 * MB).see(sent(HOST, PEER).at(LEARNED).carrying(1, 600 * MB));

        detection.until(LEARNED + DAY);

        assertThat(detection.alerts())
                .extracting(Alert::activity, Alert::timeMillis)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Activity.CREATE, (T0 + LEARNED + 60) * 1_000),
                        org.assertj.core.groups.Tuple.tuple(Activity.CLOSE, (T0 + LEARNED + 2 * HOUR) * 1_000));
    }

    @Test
    void neitherOrderNorWatermarkStepsShow() {
        List<FoldedRecord> records = new ArrayList<>();
        for (int i = 0; i < 8 * 24; i++) {
            records.add(sent(HOST, PEER)
                    .at(i * HOUR + i % 50 * 60L)
                    .decided(i * HOUR + i % 50 * 60L + 100 + i % 300)
                    .carrying(1, MB)
                    .folded());
        }
        for (int i = 0; i < 20; i++) {
            records.add(sent(i % 2 == 0 ? HOST : "10.0.1.4", PEER)
                    .at(LEARNED + i * 400L)
                    .decided(LEARNED + i * 400L + 130 + i % 7 * 60L)
                    .carrying(1, 70 * MB)
                    .folded());
        }

        AnyOrder.givesTheSameAlerts(() -> Detection.of(OutboundVolume.FAMILY), records, LEARNED + DAY);
    }

    private static Detection afterOddHours(int odd) {
        Detection detection = Detection.of(OutboundVolume.FAMILY);
        learn(detection, 0, 14 * 24, MB);
        for (int i = 0; i < odd; i++) {
            detection.see(sent(HOST, PEER).at((300 + i) * HOUR).carrying(1, 400 * MB));
        }
        detection.until(14 * DAY);
        return detection
                .see(sent(HOST, PEER).at(14 * DAY).carrying(1, 600 * MB))
                .until(14 * DAY + HOUR);
    }

    private static Detection usual(long bytes) {
        Detection detection = Detection.of(OutboundVolume.FAMILY);
        learn(detection, 0, 8 * 24, bytes);
        return detection.until(LEARNED);
    }

    private static void learn(Detection detection, int from, int to, long bytes) {
        for (int hour = from; hour < to; hour++) {
            detection.see(sent(HOST, PEER).at(hour * HOUR).carrying(1, bytes));
        }
    }
}
