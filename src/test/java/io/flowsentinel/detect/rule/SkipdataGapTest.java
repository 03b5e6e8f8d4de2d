package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.observer;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.SampleSerializer;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.CoverageRecord.Status;
import io.flowsentinel.model.RecordRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SkipdataGapTest {

    @Test
    void threeGapsWithinHalfAnHourAreAFinding() {
        Detection detection = Detection.of(SkipdataGap.FAMILY)
                .see(lost("eni-a", 0))
                .see(lost("eni-a", 600))
                .see(lost("eni-a", 1_700));

        detection.until(4_000);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("skipdata-gap");
            assertThat(alert.severity()).isEqualTo(Severity.LOW);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("interface", "eni-a"));
            assertThat(alert.title()).isEqualTo("Records lost: eni-a in 3 gaps");
            assertThat(alert.numbers()).containsEntry("gaps", 3L);
            assertThat(alert.firstSeenMillis()).isEqualTo(T0 * 1_000);
            assertThat(alert.coverageGap()).isTrue();
            assertThat(alert.connections()).isEmpty();
            assertThat(alert.records())
                    .containsExactly(
                            new RecordRef("s3://logs/a.log.gz", 1),
                            new RecordRef("s3://logs/a.log.gz", 601),
                            new RecordRef("s3://logs/a.log.gz", 1_701));
        });
    }

    @Test
    void twoAreNot() {
        Detection detection =
                Detection.of(SkipdataGap.FAMILY).see(lost("eni-a", 0)).see(lost("eni-a", 60));

        assertThat(detection.until(10_000).all()).isEmpty();
    }

    @Test
    void threeThatLieFurtherApartAreNot() {
        Detection detection = Detection.of(SkipdataGap.FAMILY)
                .see(lost("eni-a", 0))
                .see(lost("eni-a", 600))
                .see(lost("eni-a", 1_800));

        assertThat(detection.until(10_000).all()).isEmpty();
    }

    @Test
    void oneGapToldThreeTimesIsOne() {
        Detection detection = Detection.of(SkipdataGap.FAMILY);
        for (int line = 1; line <= 3; line++) {
            detection.see(line("eni-a", Status.SKIPDATA, 0, 60, line));
        }

        assertThat(detection.until(10_000).all()).isEmpty();
    }

    @Test
    void gapsOfOneStartThatEndDifferentlyAreSeveral() {
        Detection detection = Detection.of(SkipdataGap.FAMILY);
        for (int line = 1; line <= 3; line++) {
            detection.see(line("eni-a", Status.SKIPDATA, 0, 60 + line, line));
        }

        assertThat(detection.until(1_000).alerts()).hasSize(1);
    }

    @Test
    void interfacesAreToldApartAndOneWithoutANameIsNobodys() {
        Detection detection = Detection.of(SkipdataGap.FAMILY)
                .see(lost("eni-a", 0))
                .see(lost("eni-a", 60))
                .see(lost("eni-b", 120))
                .see(lost("-", 0))
                .see(lost("-", 60))
                .see(lost("-", 120));

        assertThat(detection.until(10_000).all()).isEmpty();
    }

    @Test
    void withoutTrafficNothingIsLost() {
        Detection detection = Detection.of(SkipdataGap.FAMILY);
        for (int i = 0; i < 10; i++) {
            detection.see(line("eni-a", Status.NODATA, 60L * i, 60, i));
        }

        assertThat(detection.until(10_000).all()).isEmpty();
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void tenMinuteRecordsFitIntoTheWindow() {
        Detection detection = Detection.of(SkipdataGap.FAMILY, Duration.ofMinutes(10));
        for (int i = 0; i < 3; i++) {
            detection.see(line("eni-a", Status.SKIPDATA, 600L * i, 600, i));
        }

        assertThat(detection.until(5_000).alerts()).hasSize(1);
    }

    @Test
    void whatIsAboutNoPacketsTravelsWithoutEndpoints() throws IOException {
        Sample sample = Sample.ofInterface("vpc-1", "eni-a", T0, List.of(new RecordRef("s3://logs/a.log.gz", 7)));
        DataOutputSerializer out = new DataOutputSerializer(64);

        new SampleSerializer().serialize(sample, out);

        assertThat(new SampleSerializer().deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
                .isEqualTo(sample);
    }

    @Test
    void alertsDoNotDependOnOrderOrOnStepsOfEventTime() {
        List<CoverageRecord> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lines.add(lost("eni-a", 45L * i));
        }
        List<Alert> expected = run(lines, 10_000);
        assertThat(expected)
                .extracting(Alert::activity)
                .containsExactly(Activity.CREATE, Activity.UPDATE, Activity.CLOSE);

        for (int seed = 0; seed < 5; seed++) {
            Collections.shuffle(lines, new Random(seed));

            assertThat(run(lines, 60 + 97L * seed)).isEqualTo(expected);
        }
    }

    private static List<Alert> run(List<CoverageRecord> lines, long step) {
        Detection detection = Detection.of(SkipdataGap.FAMILY);
        lines.forEach(detection::see);
        for (long time = 0; time < 10_000; time += step) {
            detection.until(time);
        }
        return detection.until(10_000).all();
    }

    private static CoverageRecord lost(String interfaceId, long start) {
        return line(interfaceId, Status.SKIPDATA, start, 60, start + 1);
    }

    private static CoverageRecord line(String interfaceId, Status status, long start, long length, long line) {
        return new CoverageRecord(
                observer(interfaceId),
                status,
                T0 + start,
                T0 + start + length,
                new RecordRef("s3://logs/a.log.gz", line));
    }
}
