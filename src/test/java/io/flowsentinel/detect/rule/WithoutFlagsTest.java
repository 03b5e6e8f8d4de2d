package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert.Confidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.TcpFlags;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of the rules over a log without tcp-flags, such as AWS's default format. */
class WithoutFlagsTest {

    private static final String SCANNER = "198.51.100.7";
    private static final String INSIDE = "10.0.9.9";
    private static final String TARGET = "10.0.1.5";
    private static final long DONE = 1_200;
    private static final long DAY = 86_400;

    @Test
    void twentyFiveRejectedPortsAreAPortScanOfWhichLessIsCertain() {
        Detection detection = scan(25, Connections::deniedWithoutFlags).until(DONE);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("port-scan");
            assertThat(alert.rule().confidence()).isEqualTo(Confidence.MEDIUM);
            assertThat(alert.title()).isEqualTo("Port scan: 198.51.100.7 failed on 25 ports of 10.0.1.5, 0 answered");
            assertThat(alert.context())
                    .containsEntry("degraded", "no tcp-flags: who opened what is guessed from ports");
        });
    }

    @Test
    void withFlagsItIsAsCertainAsTheCatalogueSays() {
        assertThat(scan(25, Connections::denied).until(DONE).alerts())
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.rule().confidence()).isEqualTo(Confidence.HIGH);
                    assertThat(alert.context()).doesNotContainKey("degraded");
                });
    }

    @Test
    void twentyFourAreNone() {
        assertThat(scan(24, Connections::deniedWithoutFlags).until(DONE).all()).isEmpty();
    }

    @Test
    void oneRejectedPortOfManyHostsIsASweep() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 25; i++) {
            detection.see(from(SCANNER, "10.0.1." + i, 22).deniedWithoutFlags());
        }

        assertThat(detection.until(DONE).alerts())
                .extracting(alert -> alert.rule().id())
                .containsExactly("host-sweep");
    }

    @Test
    void manyOfBothAreAMixedScan() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 250; i++) {
            detection.see(from(SCANNER, "10.0.1." + i / 20, 1 + i % 20).deniedWithoutFlags());
        }

        assertThat(detection.until(DONE).alerts())
                .extracting(alert -> alert.rule().id())
                .containsExactly("mixed-scan");
    }

    @Test
    void aPortThatLetsTheSameOriginatorThroughDoesNotCount() {
        Detection detection = scan(25, Connections::deniedWithoutFlags);
        detection.see(from(SCANNER, TARGET, 25).passedWithoutFlags().at(20));

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void aServersRejectedAnswersToItsClientsAreNoScan() {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int i = 0; i < 100; i++) {
            detection.see(from("10.0.1." + i, 50_000 + i, SCANNER, 443)
                    .withoutFlags()
                    .saw("eni-web", false, Action.REJECT, TcpFlags.ABSENT));
        }

        assertThat(detection.until(DONE).all()).isEmpty();
    }

    @Test
    void whatIsNoOpeningIsNoAttempt() {
        assertThat(scan(100, one -> one.deniedWithoutFlags().ended(EndReason.END_OF_INPUT))
                        .until(DONE)
                        .all())
                .isEmpty();
        assertThat(scan(100, one -> one.deniedWithoutFlags().saw("eni-nat", true, Action.ACCEPT, TcpFlags.ABSENT))
                        .until(DONE)
                        .all())
                .isEmpty();
        assertThat(scan(100, one -> one.deniedWithoutFlags().sourcePort(0))
                        .until(DONE)
                        .all())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3, 1, true", "4, 1, false", "6, 2, true", "7, 2, false"})
    void anOpeningHasAtMostThreePacketsARecord(long packets, int records, boolean counts) {
        Detection detection = scan(25, one -> one.withoutFlags()
                .verdict(Verdict.DENIED)
                .saw("eni-web", true, Action.REJECT, TcpFlags.ABSENT)
                .observed(packets, records));

        assertThat(detection.until(DONE).alerts()).hasSize(counts ? 1 : 0);
    }

    @Test
    void aHundredRejectedPairsInADayAreASlowScanUnlessOthersGotThrough() {
        assertThat(pairs(0).creates()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("slow-scan");
            assertThat(alert.rule().confidence()).isEqualTo(Confidence.LOW);
            assertThat(alert.timeMillis()).isGreaterThan((T0 + 79_200) * 1_000);
        });
        assertThat(pairs(6).all()).isEmpty();
    }

    @Test
    void hostsThatExchangedMoreThanASynAndARstOnAdminPortsAreAFanOut() {
        assertThat(fanOut(50, 10, 12).creates())
                .singleElement()
                .satisfies(alert -> assertThat(alert.rule().confidence()).isEqualTo(Confidence.LOW));
        assertThat(fanOut(49, 10, 12).all()).isEmpty();
        assertThat(fanOut(200, 1, 1).all()).isEmpty();
    }

    @Test
    void aNameAskedOverTcpIsUnapprovedDns() {
        assertThat(asked(10, 12)).isEqualTo(1);
        assertThat(asked(1, 1)).isZero();
    }

    private static long asked(long packets, long answers) {
        Detection detection = Detection.of(UnapprovedDns.FAMILY)
                .see(from(INSIDE, "9.9.9.9", 53).passedWithoutFlags().packets(packets, answers));
        return detection.until(DAY).creates().size();
    }

    private static Detection fanOut(int hosts, long packets, long answers) {
        Detection detection = Detection.of(LateralFanOut.FAMILY);
        for (int i = 0; i < hosts; i++) {
            detection.see(from(INSIDE, "10.0.1." + i, 445).passedWithoutFlags().packets(packets, answers));
        }
        return detection.until(DONE);
    }

    /** A hundred rejected pairs over 22 hours, and so many connections that got through. */
    private static Detection pairs(int through) {
        Detection detection = Detection.of(SlowScan.FAMILY);
        for (int i = 0; i < 100; i++) {
            detection.see(from(SCANNER, "10.0.1." + i, 22).deniedWithoutFlags().at(i * 800L));
        }
        for (int i = 0; i < through; i++) {
            detection.see(from(SCANNER, "10.0.2." + i, 443).passedWithoutFlags().at(i * 60L));
        }
        return detection.until(3 * DAY);
    }

    private static Detection scan(int ports, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(ScanRouter.FAMILY);
        for (int port = 1; port <= ports; port++) {
            detection.see(kind.apply(from(SCANNER, TARGET, port).at(port % 60)));
        }
        return detection;
    }
}
