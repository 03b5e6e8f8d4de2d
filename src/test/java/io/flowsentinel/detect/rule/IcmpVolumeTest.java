package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.VolumeRecords.received;
import static io.flowsentinel.detect.judging.VolumeRecords.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.AnyOrder;
import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.VolumeRecords;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.FoldedRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IcmpVolumeTest {

    private static final String HOST = "10.0.1.5";
    private static final String PEER = "203.0.113.9";
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    private static final long LEARNED = 8 * DAY;

    @Test
    void manyLargePacketsOfAPairThatIsNewAreAFinding() {
        Detection detection = known();

        detection.see(sent(HOST, PEER).icmp().at(LEARNED).carrying(150, 150_000));
        detection.see(received(PEER, HOST).icmp().answer().at(LEARNED + 5).carrying(50, 30_000));
        detection.until(LEARNED + HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("icmp-volume");
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity())
                    .containsExactly(new EntityField("peer", PEER), new EntityField("endpoint", HOST));
            assertThat(alert.title())
                    .isEqualTo("ICMP volume: 10.0.1.5 and 203.0.113.9 exchanged 200 packets of 900 bytes on average");
            assertThat(alert.numbers()).containsEntry("packets", 200L).containsEntry("bytes_per_packet", 900L);
            assertThat(alert.anomaly())
                    .isEqualTo(new Anomaly(
                            "bytes per ICMP packet of the pair", "900 bytes", "no ICMP between the two in 7 days"));
            assertThat(alert.baselineSinceMillis()).isEqualTo(T0 * 1_000);
        });
    }

    @Test
    void aHundredPacketsAreNotEnough() {
        assertThat(exchange(100, 100_000).all()).isEmpty();
        assertThat(exchange(101, 101_000).alerts()).hasSize(1);
    }

    @Test
    void packetsOf256BytesAreNotEnough() {
        assertThat(exchange(1_000, 256_000).all()).isEmpty();
        assertThat(exchange(1_000, 256_001).alerts()).hasSize(1);
    }

    @Test
    void aPairThatPingsAllAlongIsKnownForAWeek() {
        Detection again = known().see(sent(HOST, PEER).icmp().at(LEARNED).carrying(1, 84));
        Detection late = known().see(sent(HOST, PEER).icmp().at(LEARNED).carrying(1, 84));
        stayThere(again, 8 * 24, 16 * 24);
        stayThere(late, 8 * 24, 16 * 24);

        again.see(sent(HOST, PEER).icmp().at(LEARNED + 7 * DAY - HOUR).carrying(500, 500_000));
        late.see(sent(HOST, PEER).icmp().at(LEARNED + 7 * DAY + HOUR).carrying(500, 500_000));

        assertThat(again.until(LEARNED + 8 * DAY).all()).isEmpty();
        assertThat(late.until(LEARNED + 8 * DAY).creates()).hasSize(1);
    }

    @Test
    void aTunnelOfHoursIsOneFindingToItsEnd() {
        Detection detection = known();
        for (int minute = 0; minute < 8 * 60; minute++) {
            long at = LEARNED + minute * 60L;
            detection.see(sent(HOST, PEER).icmp().at(at).carrying(50, 50_000));
        }

        detection.until(LEARNED + 12 * HOUR);

        assertThat(detection.alerts())
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.UPDATE, Activity.UPDATE, Activity.UPDATE, Activity.CLOSE);
        assertThat(detection.alerts()).last().satisfies(close -> {
            // The last window with more than a hundred packets ends 57 minutes after the tunnel.
            assertThat(close.timeMillis()).isEqualTo((T0 + LEARNED + 9 * HOUR - 180 + HOUR) * 1_000);
            assertThat(close.numbers()).containsEntry("packets", 8 * 60 * 50L);
        });
    }

    @Test
    void aTunnelThatRestedForAnHourIsKnown() {
        Detection detection = known();
        detection.see(sent(HOST, PEER).icmp().at(LEARNED).carrying(500, 500_000));
        detection.see(sent(HOST, PEER).icmp().at(LEARNED + 2 * HOUR).carrying(500, 500_000));

        assertThat(detection.until(LEARNED + DAY).creates()).hasSize(1);
    }

    @Test
    void otherProtocolsAndRejectedPacketsDoNotCount() {
        Detection detection = known().see(sent(HOST, PEER).at(LEARNED).carrying(500, 500_000))
                .see(sent(HOST, PEER).icmp().rejected().at(LEARNED).carrying(500, 500_000));

        assertThat(detection.until(LEARNED + DAY).all()).isEmpty();
    }

    @Test
    void packetsBetweenInternalEndpointsCountOnceWhoeverBegan() {
        Detection once = known();
        Detection turned = known();
        for (Detection detection : List.of(once, turned)) {
            detection.see(sent(HOST, "10.0.2.2").icmp().at(LEARNED).carrying(60, 60_000));
            detection.see(received(HOST, "10.0.2.2").icmp().at(LEARNED).carrying(60, 60_000));
        }
        turned.see(sent("10.0.2.2", HOST).icmp().at(LEARNED).carrying(60, 60_000));

        assertThat(once.until(LEARNED + HOUR).all()).isEmpty();
        assertThat(turned.until(LEARNED + HOUR).alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.entity())
                    .containsExactly(new EntityField("peer", "10.0.2.2"), new EntityField("endpoint", HOST));
            assertThat(alert.numbers()).containsEntry("packets", 120L);
        });
    }

    @Test
    void aGatewayIsHeldBackWhereTheInnerPairIsLogged() {
        Detection detection = Detection.of(IcmpVolume.FAMILY, "baseline: {days: 0, hours: 0}");

        detection.see(received(HOST, PEER).icmp().gotBy("10.0.0.220").carrying(500, 500_000));
        detection.see(sent("10.0.0.220", PEER).icmp().carrying(500, 500_000));
        detection.until(HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsExactly("translated");
    }

    @Test
    void nothingIsSaidBeforeTheEndpointIsKnown() {
        Detection detection = Detection.of(IcmpVolume.FAMILY);
        stayThere(detection, 0, 6 * 24);

        detection.see(sent(HOST, PEER).icmp().at(6 * DAY + HOUR).carrying(500, 500_000));

        assertThat(detection.until(7 * DAY).all()).isEmpty();
    }

    @Test
    void anEndpointThatWasSilentForAWeekIsForgotten() {
        assertThat(known().until(LEARNED + 9 * DAY).keysKept()).isZero();
    }

    @Test
    void neitherOrderNorWatermarkStepsShow() {
        List<FoldedRecord> records = new ArrayList<>();
        for (int hour = 0; hour < 8 * 24; hour++) {
            records.add(present(hour).folded());
        }
        for (int i = 0; i < 30; i++) {
            long at = LEARNED + i * 300L;
            records.add(sent(HOST, i % 3 == 0 ? PEER : "10.0.2." + i % 3)
                    .icmp()
                    .at(at)
                    .decided(at + 120 + i % 5 * 60L)
                    .carrying(40, 40_000)
                    .folded());
        }

        AnyOrder.givesTheSameAlerts(() -> Detection.of(IcmpVolume.FAMILY), records, LEARNED + DAY);
    }

    private static Detection exchange(long packets, long bytes) {
        return known().see(sent(HOST, PEER).icmp().at(LEARNED).carrying(packets, bytes))
                .until(LEARNED + HOUR);
    }

    private static Detection known() {
        Detection detection = Detection.of(IcmpVolume.FAMILY);
        stayThere(detection, 0, 8 * 24);
        return detection.until(LEARNED);
    }

    private static void stayThere(Detection detection, int from, int to) {
        for (int hour = from; hour < to; hour++) {
            detection.see(present(hour));
        }
    }

    /** A record at the one moment of sixteen that tells that the endpoint is there. */
    private static VolumeRecords present(int hour) {
        long at = hour * HOUR;
        return sent(HOST, "10.0.9.9").at(at + Math.floorMod(-(T0 + at + 40_443), 16));
    }
}
