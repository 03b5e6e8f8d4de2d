package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScanFamilyTest {

    private static final String SCANNER = "198.51.100.7";

    @Test
    void equalAddressesInTwoVpcsAreTwoHostsOfASweep() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int host = 1; host <= 13; host++) {
            detection.see(
                    from("198.51.100.7", "10.0.1." + host, 22).scope("vpc-1").unanswered());
            detection.see(
                    from("198.51.100.7", "10.0.1." + host, 22).scope("vpc-2").unanswered());
        }

        assertThat(detection.until(1_200).creates()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("host-sweep");
            assertThat(alert.scope()).isNull();
            assertThat(alert.numbers()).containsEntry("responders", 26L);
            assertThat(alert.context()).containsEntry("originator", "external");
        });
    }

    @Test
    void oneFailedPortOnTwentyFiveRespondersIsAHostSweep() {
        Detection detection = sweep(Detection.of(ScanRouter.FAMILY), SCANNER, 22, 25, 0);

        detection.until(1_200);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("host-sweep");
            assertThat(alert.entity())
                    .containsExactly(new EntityField("originator", SCANNER), new EntityField("port", "22"));
            assertThat(alert.title()).isEqualTo("Host sweep: 198.51.100.7 failed on port 22 of 25 hosts, 0 answered");
        });
    }

    @Test
    void twentyFourRespondersAreNot() {
        Detection detection = sweep(Detection.of(ScanRouter.FAMILY), SCANNER, 22, 24, 0);

        assertThat(detection.until(1_200).all()).isEmpty();
    }

    @Test
    void oneScannerOverTwoVpcsIsOne() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 26; i++) {
            detection.see(from(SCANNER, "10.0.1." + i, 22).unanswered().scope(i % 2 == 0 ? "vpc-1" : "vpc-2"));
        }

        assertThat(detection.until(1_200).alerts()).hasSize(1);
    }

    @Test
    void twoInternalOriginatorsWithOneAddressAreTwo() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 98; i++) {
            detection.see(from("10.0.9.9", "10.0.1." + i, 22).unanswered().scope(i % 2 == 0 ? "vpc-1" : "vpc-2"));
        }

        assertThat(detection.until(1_200).all()).isEmpty();
    }

    @Test
    void aBigPortScanOfOneHostIsOneFinding() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int port = 1; port <= 2_000; port++) {
            detection.see(from(SCANNER, "10.0.1.5", port).unanswered());
        }

        detection.until(1_200);

        assertThat(detection.creates()).extracting(alert -> alert.rule().id()).containsExactly("port-scan");
        assertThat(detection.suppressed()).isEmpty();
    }

    @Test
    void aSecondKeyMakesAMixedScanThatMutesItAndAllFurtherOnes() {
        Detection detection = sweep(Detection.of(ScanRouter.FAMILY), SCANNER, 22, 30, 0);
        sweep(detection, SCANNER, 23, 30, 120);
        sweep(detection, SCANNER, 3389, 30, 240);

        detection.until(2_000);

        List<Alert> creates = detection.creates();
        assertThat(creates).extracting(alert -> alert.rule().id()).containsExactly("host-sweep", "mixed-scan");
        assertThat(creates.get(1).title()).isEqualTo("Scan: 198.51.100.7 failed on 60 host and port pairs, 0 answered");
        assertThat(detection.suppressed())
                .filteredOn(alert -> alert.activity() == Activity.CREATE)
                .extracting(Alert::suppressedBy)
                .containsExactly(creates.get(1).findingId(), creates.get(1).findingId());
    }

    @Test
    void theParentIsTheLastToClose() {
        Detection detection = sweep(Detection.of(ScanRouter.FAMILY), SCANNER, 22, 30, 0);
        sweep(detection, SCANNER, 23, 30, 120);

        detection.until(20_000);

        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() == Activity.CLOSE)
                .extracting(alert -> alert.rule().id())
                .containsExactly("host-sweep", "mixed-scan");
        assertThat(detection.suppressed()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void twoKeysThatCrossTogetherAreTheFirstAndAParent() {
        Detection detection = sweep(Detection.of(ScanRouter.FAMILY), SCANNER, 22, 30, 0);
        sweep(detection, SCANNER, 23, 30, 30);

        detection.until(1_200);

        assertThat(detection.creates())
                .extracting(alert -> alert.rule().id())
                .containsExactly("host-sweep", "mixed-scan");
        assertThat(detection.suppressed()).hasSize(1);
    }

    @Test
    void manyPairsThatAreNeitherAScanNorASweepAreAMixedScan() {
        Detection enough = pairs(250).until(1_200);
        Detection few = pairs(249).until(1_200);

        assertThat(enough.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("mixed-scan");
            assertThat(alert.entity()).containsExactly(new EntityField("originator", SCANNER));
            assertThat(alert.numbers()).containsEntry("pairs", 250L);
        });
        assertThat(few.all()).isEmpty();
    }

    @Test
    void aScanInDryRunIsSuppressedAndMutesNobody() {
        Detection detection = Detection.of(ScanRouter.FAMILY, "rules: {host-sweep: {mode: dry-run}}");
        sweep(detection, SCANNER, 22, 30, 0);
        for (int port = 1; port <= 30; port++) {
            detection.see(from(SCANNER, "10.0.1.5", port).unanswered().at(100));
        }

        detection.until(1_200);

        assertThat(detection.creates()).extracting(alert -> alert.rule().id()).containsExactly("port-scan");
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsExactly("dry-run");
    }

    @Test
    void aScanThatNobodySeesDoesNotSilenceTheMixedScan() {
        Detection dryRun = Detection.of(ScanRouter.FAMILY, "rules: {port-scan: {mode: dry-run}}");
        Detection allowed = Detection.of(
                ScanRouter.FAMILY, "rules: {port-scan: {allow: [{destination: 10.0.1.5, reason: known}]}}");
        for (int port = 1; port <= 250; port++) {
            dryRun.see(from(SCANNER, "10.0.1.5", port).unanswered());
            allowed.see(from(SCANNER, "10.0.1.5", port).unanswered());
        }

        dryRun.until(1_200);
        allowed.until(1_200);

        assertThat(dryRun.creates()).extracting(alert -> alert.rule().id()).containsExactly("mixed-scan");
        assertThat(allowed.creates()).extracting(alert -> alert.rule().id()).containsExactly("mixed-scan");
        assertThat(dryRun.suppressed()).extracting(Alert::suppressedBy).containsExactly("dry-run");
    }

    @Test
    void aMutedFindingIsAFullAlertToItsEnd() {
        Detection detection = sweep(Detection.of(ScanRouter.FAMILY), SCANNER, 22, 30, 0);
        sweep(detection, SCANNER, 23, 30, 120);

        detection.until(20_000);

        assertThat(detection.suppressed())
                .extracting(alert -> alert.connections().size(), alert -> alert.numbers()
                        .get("responders"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(10, 30L), org.assertj.core.groups.Tuple.tuple(10, 30L));
    }

    @Test
    void thereIsAnEndToTheFindingsOfOneOriginator() {
        Detection detection = Detection.of(ScanRouter.FAMILY, "rules: {host-sweep: {thresholds: {external: 1}}}");
        for (int port = 1; port <= Detection.MAX_OPEN + 5; port++) {
            detection.see(from(SCANNER, "10.0.1." + port % 250, port).unanswered());
        }

        detection.until(240);

        assertThat(detection.creates()).hasSize(2);
        assertThat(detection.suppressed()).hasSize(Detection.MAX_OPEN);
        assertThat(detection.refused()).isPositive();
    }

    @Test
    void aRuleThatIsOffSaysNothing() {
        Detection detection = Detection.of(ScanRouter.FAMILY, "rules: {host-sweep: {mode: off}}");
        sweep(detection, SCANNER, 22, 30, 0);

        assertThat(detection.until(1_200).all()).isEmpty();
    }

    @Test
    void withoutAParentTheFirstFindingMutesTheOthers() {
        Detection detection = Detection.of(ScanRouter.FAMILY, "rules: {mixed-scan: {mode: off}}");
        sweep(detection, SCANNER, 22, 30, 0);
        sweep(detection, SCANNER, 23, 30, 120);

        detection.until(1_200);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly(detection.creates().get(0).findingId());
    }

    @Test
    void aParentWithoutAnythingInItsOwnWindowIsNotMade() {
        Detection detection = Detection.of(
                ScanRouter.FAMILY,
                "rules: {mixed-scan: {window: 5m}, host-sweep: {window: 60m}, port-scan: {window: 60m}}");
        sweep(detection, SCANNER, 22, 24, 0);
        sweep(detection, SCANNER, 23, 24, 0);
        sweep(detection, SCANNER, 22, 25, 1_800);
        sweep(detection, SCANNER, 23, 25, 2_400);

        detection.until(20_000);

        assertThat(detection.creates())
                .extracting(alert -> alert.rule().id())
                .containsExactly("host-sweep", "mixed-scan");
    }

    private static Detection pairs(int count) {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < count; i++) {
            detection.see(from(SCANNER, "10.0.1." + i / 16, 1_000 + i % 16).unanswered());
        }
        return detection;
    }

    private static Detection sweep(Detection detection, String scanner, int port, int hosts, long at) {
        for (int i = 0; i < hosts; i++) {
            detection.see(from(scanner, "10.0.2." + i, port).unanswered().at(at));
        }
        return detection;
    }

    @Test
    void theFirstAddressOfAnInterfaceWithSeveralStandsForNobody() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int port = 0; port < 60; port++) {
            detection.see(from("10.0.0.9", "10.0.1.5", 1_000 + port).unanswered());
        }
        detection.see(from("10.0.0.77", "10.0.1.6", 443).answered().from("10.0.0.9"));

        detection.until(400);

        assertThat(detection.creates()).hasSize(1);
    }
}
