package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Status;
import org.junit.jupiter.api.Test;

class AllowListTest {

    private static final String OURS = "198.51.100.7";

    @Test
    void anAllowedScannerGoesToTheSuppressedFeedWithItsEntry() {
        Detection detection = scan(rule("{source: 198.51.100.0/24, reason: our scanner}"), 0, 30);

        detection.until(1_200);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).singleElement().satisfies(alert -> {
            assertThat(alert.suppressedBy()).isEqualTo("allow source=198.51.100.0/24 reason=our scanner");
            assertThat(alert.status()).isEqualTo(Status.SUPPRESSED);
            assertThat(alert.numbers()).containsEntry("ports", 30L);
        });
    }

    @Test
    void anEntryExpiresInEventTime() {
        Detection before = scan(rule("{source: 198.51.100.0/24, reason: x, expires: 2023-11-15}"), 0, 30);
        Detection after = scan(rule("{source: 198.51.100.0/24, reason: x, expires: 2023-11-15}"), 7_200, 30);

        assertThat(before.until(1_200).alerts()).isEmpty();
        assertThat(after.until(10_000).alerts()).hasSize(1);
    }

    @Test
    void whatAnEntryDoesNotCoverStillCounts() {
        Detection enough = scan(rule("{port: 1000, reason: known}"), 0, 26);
        Detection few = scan(rule("{port: 1000, reason: known}"), 0, 25);

        assertThat(enough.until(1_200).alerts()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("ports", 25L));
        assertThat(few.until(1_200).alerts()).isEmpty();
        assertThat(few.suppressed()).hasSize(1);
    }

    @Test
    void everyFieldOfAnEntryHasToAgree() {
        assertThat(alertsWith("{source: 198.51.100.7, destination: 10.0.2.0/24, reason: x}"))
                .isEqualTo(1);
        assertThat(alertsWith("{source: 198.51.100.7, destination: 10.0.1.0/24, reason: x}"))
                .isZero();
        assertThat(alertsWith("{interface: eni-other, reason: x}")).isEqualTo(1);
        assertThat(alertsWith("{interface: eni-web, reason: x}")).isZero();
        assertThat(alertsWith("{tag: other, reason: x}")).isEqualTo(1);
        assertThat(alertsWith("{tag: web, reason: x}")).isZero();
    }

    @Test
    void anAllowedScanMutesNothing() {
        Detection detection = scan(rule("{source: 198.51.100.7, reason: x}"), 0, 30);
        for (int i = 0; i < 30; i++) {
            detection.see(from(OURS, "10.0.2." + i, 22).unanswered());
        }

        detection.until(1_200);

        assertThat(detection.creates()).extracting(alert -> alert.rule().id()).containsExactly("host-sweep");
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow source=198.51.100.7 reason=x");
    }

    private static long alertsWith(String entry) {
        return scan(rule(entry), 0, 30).until(1_200).alerts().size();
    }

    private static String rule(String entry) {
        return "rules:\n  port-scan:\n    allow:\n      - " + entry + "\n";
    }

    private static Detection scan(String rules, long at, int ports) {
        Detection detection = Detection.of(ScanRouter.FAMILY, rules);
        for (int i = 0; i < ports; i++) {
            detection.see(from(OURS, "10.0.1.5", 1_000 + i).unanswered().at(at));
        }
        return detection;
    }
}
