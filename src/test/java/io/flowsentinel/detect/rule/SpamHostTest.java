package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SpamHostTest {

    private static final String HOST = "10.0.1.5";
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;
    /** By then an address that did something every three hours is known. */
    private static final long KNOWN = 8 * DAY;

    @Test
    void tenMailServersInAnHourOfAHostThatSendsNoMailAreAFinding() {
        Detection detection = known();
        burst(detection, KNOWN, 10, Connections::unanswered);

        detection.until(KNOWN + DAY);

        assertThat(detection.alerts()).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        assertThat(detection.creates()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("spam-host");
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity()).containsExactly(new EntityField("endpoint", HOST));
            assertThat(alert.title()).isEqualTo("Spam host: 10.0.1.5 tried port 25 of 10 public hosts, 10 connections");
            assertThat(alert.numbers()).containsEntry("peers", 10L);
            assertThat(alert.baselineSinceMillis()).isEqualTo(T0 * 1000);
            assertThat(alert.timeMillis()).isEqualTo((T0 + KNOWN + 600) * 1000);
        });
    }

    @Test
    void nineAreNot() {
        assertThat(after(burst(known(), KNOWN, 9, Connections::unanswered))).isEmpty();
    }

    @Test
    void oneRelayIsNotHoweverMuchItTakes() {
        Detection detection = known();
        for (int i = 0; i < 50; i++) {
            detection.see(mail("203.0.113.1", KNOWN + i * 60L).answered());
        }

        assertThat(after(detection)).isEmpty();
    }

    @Test
    void moreThanAnHourIsTooSlow() {
        Detection detection = known();
        for (int i = 0; i < 40; i++) {
            detection.see(mail("203.0.113." + i, KNOWN + i * 420L).unanswered());
        }

        assertThat(after(detection)).isEmpty();
    }

    @Test
    void whatAnsweredCountsAsWell() {
        assertThat(after(burst(known(), KNOWN, 10, Connections::answered))).isNotEmpty();
    }

    @Test
    void whatAFilterHeldBackAtTheInterfaceDoesNotCount() {
        assertThat(after(burst(known(), KNOWN, 30, one -> one.verdict(Verdict.DENIED_EGRESS)
                        .saw("eni-a", true, Action.REJECT, 2, FlowDirection.EGRESS))))
                .isEmpty();
    }

    @Test
    void whatTheOtherSideRejectedLeftAllTheSame() {
        assertThat(after(burst(known(), KNOWN, 10, one -> one.verdict(Verdict.DENIED_BY_DESTINATION)
                        .saw("eni-a", true, Action.ACCEPT, 2, FlowDirection.EGRESS)
                        .saw("eni-b", true, Action.REJECT, 2))))
                .isNotEmpty();
    }

    @Test
    void otherPortsProtocolsAndInternalHostsAreNoSpam() {
        Detection ports = known();
        Detection inside = known();
        for (int i = 0; i < 30; i++) {
            ports.see(from(HOST, "203.0.113." + i, 587).unanswered().at(KNOWN));
            ports.see(from(HOST, "203.0.113." + i, 25)
                    .protocol(FlowRecord.UDP)
                    .at(KNOWN)
                    .saw("eni-a", true, Action.ACCEPT, 0));
            inside.see(mail("10.0.2." + i, KNOWN).unanswered());
        }

        assertThat(after(ports)).isEmpty();
        assertThat(after(inside)).isEmpty();
    }

    @Test
    void aGuessedDirectionCountsOnlyWhereTheLogHasNoFlags() {
        assertThat(after(burst(known(), KNOWN, 30, one -> one.unanswered().guessed())))
                .isEmpty();
        assertThat(after(burst(
                        known(), KNOWN, 10, one -> one.unanswered().guessed().without(Trait.FLAGS_PRESENT))))
                .isNotEmpty();
    }

    @Test
    void aHostThatIsNotKnownYetIsNotJudged() {
        assertThat(after(burst(known(), 6 * DAY, 30, Connections::unanswered))).isEmpty();
        assertThat(after(burst(Detection.of(SpamHost.FAMILY), KNOWN, 30, Connections::unanswered)))
                .isEmpty();
    }

    @Test
    void sevenDaysAreNotEnoughWithoutFiftyHours() {
        Detection quiet = Detection.of(SpamHost.FAMILY);
        for (int i = 0; i < 49; i++) {
            quiet.see(from(HOST, "10.0.3.1", 443).answered().at(i * 4L * HOUR));
        }

        assertThat(after(burst(quiet, 8 * DAY + HOUR, 30, Connections::unanswered)))
                .isEmpty();
    }

    @Test
    void aServerIsKnownByWhatItAnswers() {
        Detection detection = Detection.of(SpamHost.FAMILY);
        for (long at = 0; at < KNOWN; at += 3 * HOUR) {
            detection.see(from("198.51.100.9", HOST, 443).answered().at(at));
        }

        assertThat(after(burst(detection, KNOWN, 10, Connections::unanswered))).isNotEmpty();
    }

    @Test
    void aHostThatSentMailInTheLastFourteenDaysIsAMailServer() {
        Detection usual = active(0, 18 * DAY).see(mail("203.0.113.1", 5 * DAY).answered());
        Detection forgotten =
                active(0, 18 * DAY).see(mail("203.0.113.1", 3 * DAY).answered());

        assertThat(after(burst(usual, 18 * DAY, 30, Connections::unanswered))).isEmpty();
        assertThat(after(burst(forgotten, 18 * DAY, 10, Connections::unanswered)))
                .isNotEmpty();
    }

    @Test
    void theMailOfAnHourAndAHalfAgoIsKnownToo() {
        Detection detection = known().see(mail("203.0.113.1", KNOWN - 90 * 60).answered());

        assertThat(after(burst(detection, KNOWN, 30, Connections::unanswered))).isEmpty();
    }

    @Test
    void aBurstThatGoesOnIsOneFindingToItsEnd() {
        Detection detection = known();
        for (int i = 0; i < 360; i++) {
            detection.see(mail("203.0.113." + i % 200, KNOWN + i * 60L).unanswered());
        }

        detection.until(KNOWN + DAY);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() == Activity.CLOSE)
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.count()).isEqualTo(360);
                    assertThat(alert.lastSeenMillis()).isEqualTo((T0 + KNOWN + 359 * 60) * 1000);
                });
    }

    @Test
    void aSecondBurstWithinFourteenDaysIsNotNew() {
        Detection detection = active(0, 10 * DAY);
        burst(detection, KNOWN, 10, Connections::unanswered);
        burst(detection, KNOWN + DAY, 10, Connections::unanswered);

        detection.until(KNOWN + 2 * DAY);

        assertThat(detection.creates()).hasSize(1);
    }

    @Test
    void aHostThatIsGoneForFourteenDaysIsForgotten() {
        Detection detection = known();

        detection.until(KNOWN + 14 * DAY - HOUR);
        assertThat(detection.keysKept()).isPositive();

        detection.until(KNOWN + 17 * DAY);
        assertThat(detection.keysKept()).isZero();
    }

    @Test
    void anAllowedSenderIsSuppressed() {
        Detection detection = active(
                Detection.of(SpamHost.FAMILY, "rules: {spam-host: {allow: [{source: 10.0.1.5, reason: newsletter}]}}"),
                0,
                KNOWN);
        burst(detection, KNOWN, 10, Connections::unanswered);

        detection.until(KNOWN + DAY);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsOnly("allow source=10.0.1.5 reason=newsletter");
    }

    @Test
    void aGatewayIsNotBlamedForThoseBehindIt() {
        Detection detection = burst(known(), KNOWN, 10, Connections::unanswered);
        detection.see(from("10.0.7.7", "203.0.113.1", 25).unanswered().at(KNOWN).through(HOST));

        detection.until(KNOWN + DAY);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsOnly("translated");
    }

    @Test
    void neitherArrivalOrderNorWatermarkStepsShow() {
        List<Connections> connections = new ArrayList<>();
        for (int i = 0; i < 66; i++) {
            connections.add(from(HOST, "10.0.3.1", 443).answered().at(i * 3L * HOUR));
        }
        for (int i = 0; i < 80; i++) {
            connections.add(
                    mail("203.0.113." + i % 30, KNOWN + i * 97L).unanswered().decided(KNOWN + i * 97L + i % 9));
        }
        List<Alert> expected = run(connections, 60, new Random(0));

        assertThat(expected).extracting(Alert::activity).contains(Activity.CREATE, Activity.CLOSE);
        for (int step : new int[] {911, 50_000, 1_000_000}) {
            assertThat(run(connections, step, new Random(step))).isEqualTo(expected);
        }
    }

    private static List<Alert> run(List<Connections> connections, int step, Random random) {
        Detection detection = Detection.of(SpamHost.FAMILY);
        List<Connections> shuffled = new ArrayList<>(connections);
        Collections.shuffle(shuffled, random);
        shuffled.forEach(detection::see);
        for (long now = 0; now <= 10 * DAY; now += step) {
            detection.until(now);
        }
        return detection.until(10 * DAY).all();
    }

    /** All alerts of the weeks after. */
    private static List<Alert> after(Detection detection) {
        return detection.until(40 * DAY).all();
    }

    /** A host that does something every three hours, up to the moment it is known. */
    private static Detection known() {
        return active(0, KNOWN);
    }

    private static Detection active(long from, long until) {
        return active(Detection.of(SpamHost.FAMILY), from, until);
    }

    private static Detection active(Detection detection, long from, long until) {
        for (long at = from; at < until; at += 3 * HOUR) {
            detection.see(from(HOST, "10.0.3.1", 443).answered().at(at));
        }
        return detection;
    }

    /** Attempts a minute apart. */
    private static Detection burst(Detection detection, long at, int peers, UnaryOperator<Connections> kind) {
        for (int i = 0; i < peers; i++) {
            detection.see(kind.apply(mail("203.0.113." + i, at + i * 60L)));
        }
        return detection;
    }

    private static Connections mail(String peer, long at) {
        return from(HOST, peer, 25).at(at);
    }
}
