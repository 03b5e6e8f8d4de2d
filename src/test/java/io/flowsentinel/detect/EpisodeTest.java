package io.flowsentinel.detect;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.rule.Families;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Alert.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EpisodeTest {

    private static final String SCANNER = "198.51.100.7";
    private static final String TARGET = "10.0.1.5";

    @Test
    void anEpisodeClosesOneHourAfterTheLastPaneInWhichTheConditionHeld() {
        Detection detection = ports(Detection.of(Families.SCANS), 1, 25, 0);

        detection.until(100_000);

        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        Alert close = detection.alerts().get(1);
        // The window of 15 panes holds the scan up to the pane from 14 min to 15 min.
        assertThat(close.timeMillis()).isEqualTo((T0 + 15 * 60 + 3_600) * 1000);
        assertThat(close.status()).isEqualTo(Status.RESOLVED);
        assertThat(close.findingId()).isEqualTo(detection.alerts().get(0).findingId());
        assertThat(close.count()).isEqualTo(25);
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void aCrossingAfterTheCloseIsANewEpisode() {
        Detection detection = ports(Detection.of(Families.SCANS), 1, 25, 0);
        ports(detection, 1, 25, 10_000);

        detection.until(100_000);

        assertThat(detection.creates())
                .extracting(Alert::findingId)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void aCrossingBeforeTheCloseGoesOn() {
        Detection detection = ports(Detection.of(Families.SCANS), 1, 25, 0);
        ports(detection, 101, 25, 4_000);

        detection.until(100_000);

        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        assertThat(detection.alerts().get(1).numbers()).containsEntry("ports", 50L);
    }

    @Test
    void multiplesOfTheThresholdAreUpdates() {
        Detection detection = ports(Detection.of(Families.SCANS), 1, 25, 0);
        ports(detection, 101, 224, 60);
        ports(detection, 1_001, 1, 120);
        ports(detection, 2_001, 2_500, 180);

        detection.until(1_200);

        assertThat(detection.alerts())
                .extracting(Alert::activity, alert -> alert.numbers().get("ports"), Alert::timeMillis)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Activity.CREATE, 25L, (T0 + 60) * 1000),
                        org.assertj.core.groups.Tuple.tuple(Activity.UPDATE, 250L, (T0 + 180) * 1000),
                        org.assertj.core.groups.Tuple.tuple(Activity.UPDATE, 2_750L, (T0 + 240) * 1000));
    }

    @Test
    void aHigherSeverityIsAnUpdateAndStays() {
        Detection detection = ports(Detection.of(Families.SCANS), 1, 25, 0);
        detection.see(from(SCANNER, TARGET, 2_222).answered().at(90));

        detection.until(100_000);

        assertThat(detection.alerts())
                .extracting(Alert::severity)
                .containsExactly(Severity.INFORMATIONAL, Severity.MEDIUM, Severity.MEDIUM);
    }

    @Test
    void aLongEpisodeIsUpdatedEverySixHours() {
        Detection detection = Detection.of(Families.SCANS);
        for (int i = 0; i < 80; i++) {
            ports(detection, 1, 25, i * 600L);
        }

        detection.until(200_000);

        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() == Activity.UPDATE)
                .extracting(Alert::timeMillis)
                .contains((T0 + 60 + 21_600) * 1000, (T0 + 60 + 43_200) * 1000)
                .hasSize(2);
        assertThat(detection.creates()).hasSize(1);
    }

    @Test
    void theEndOfTheInputClosesNothing() {
        Detection detection = ports(Detection.of(Families.SCANS), 1, 25, 0);

        detection.finish();

        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE);
    }

    @Test
    void tenMinuteIntervalsMakeTenMinutePanesAndAWindowOfThree() {
        Detection detection = Detection.of(Families.SCANS, Duration.ofSeconds(600));
        ports(detection, 1, 13, 0);
        ports(detection, 101, 12, 1_500);

        detection.until(1_800 + 1_200 - 1);
        assertThat(detection.all()).isEmpty();
        detection.until(1_800 + 1_200);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> assertThat(alert.timeMillis())
                .isEqualTo((T0 + 1_800) * 1000));
    }

    @Test
    void theFindingIdIsWhatItsDescriptionSays() {
        Detection detection = ports(Detection.of(Families.SCANS), 1, 25, 0);

        detection.until(1_200);

        assertThat(detection.alerts().get(0).findingId())
                .matches("[0-9a-f]{32}")
                .isEqualTo(FindingId.of("port-scan", 1, "vpc-1", "originator=198.51.100.7 responder=10.0.1.5", T0));
    }

    @Test
    void aSeverityOfTheRulesFileOverrides() {
        Detection detection = ports(
                Detection.of(Families.SCANS, "rules: {port-scan: {severity: high, thresholds: {external: 5}}}"),
                1,
                5,
                0);

        detection.until(1_200);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.thresholds()).containsEntry("external", 5.0);
        });
    }

    private static Detection ports(Detection detection, int first, int count, long at) {
        for (int i = 0; i < count; i++) {
            detection.see(from(SCANNER, TARGET, first + i).unanswered().at(at));
        }
        return detection;
    }
}
