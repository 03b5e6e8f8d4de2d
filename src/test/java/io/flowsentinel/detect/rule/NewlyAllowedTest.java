package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.detect.AnyOrder;
import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.judging.MemoryInMemory;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.settings.Networks;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.FlowRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewlyAllowedTest {

    private static final String ONE = "198.51.100.7";
    private static final String NEIGHBOUR = "198.51.100.99";
    private static final String HOST = "10.0.1.5";
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    @Test
    void anAnswerAfterADayOfDenialsIsAFinding() {
        Detection detection = denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(answered(NEIGHBOUR, 30 * HOUR));

        detection.until(32 * HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("newly-allowed");
            assertThat(alert.activity()).isEqualTo(Activity.CREATE);
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity())
                    .containsExactly(
                            new EntityField("originator", "198.51.100.0/24"),
                            new EntityField("responder", HOST),
                            new EntityField("port", "443"));
            assertThat(alert.title())
                    .isEqualTo("Newly allowed: 10.0.1.5 answered 198.51.100.0/24 on port 443, 3 denials before that");
            assertThat(alert.numbers()).containsEntry("denials", 3L).containsEntry("connections", 1L);
            assertThat(alert.context())
                    .containsEntry(
                            "last_denial", Instant.ofEpochSecond(T0 + 24 * HOUR).toString());
            assertThat(alert.timeMillis()).isEqualTo((T0 + 31 * HOUR) * 1_000);
        });
    }

    @Test
    void twoDenialsAreNotEnough() {
        assertNothing(denied(ONE, 0, 24 * HOUR).see(answered(ONE, 30 * HOUR)));
    }

    @Test
    void denialsWithinADayAreNotEnough() {
        assertNothing(denied(ONE, 0, 12 * HOUR, 24 * HOUR - 1).see(answered(ONE, 30 * HOUR)));
    }

    @Test
    void whatIsAcceptedMeanwhileBeginsTheCountAnew() {
        Detection answered = denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(answered(ONE, 6 * HOUR));
        Detection accepted = denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(silent(NEIGHBOUR, 6 * HOUR));

        assertNothing(answered.see(answered(ONE, 40 * HOUR)));
        assertNothing(accepted.see(answered(ONE, 40 * HOUR)));
    }

    @Test
    void acceptedAndNotAnsweredIsNotEnough() {
        assertNothing(denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(silent(ONE, 30 * HOUR)));
    }

    @Test
    void anAnswerSoonAfterTheFirstAcceptedAttemptIsEnough() {
        Detection soon =
                denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(silent(ONE, 30 * HOUR)).see(answered(ONE, 31 * HOUR));

        assertThat(soon.until(33 * HOUR).creates()).hasSize(1);
    }

    @Test
    void whoIsLetInIsNotNewTheNextDay() {
        Detection detection = denied(ONE, 0, 12 * HOUR, 24 * HOUR);
        for (int hour = 30; hour < 10 * 24; hour++) {
            detection.see(answered(ONE, hour * HOUR));
        }

        detection.until(10 * DAY);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.alerts())
                .filteredOn(alert -> alert.activity() == Activity.CLOSE)
                .hasSize(1);
    }

    @Test
    void neighboursOfWhomSomeAreDeniedAndSomeComeWeeklyAreToldOnce() {
        Detection detection = Detection.of(NewlyAllowed.FAMILY);
        for (int hour = 0; hour < 40 * 24; hour++) {
            detection.see(from(ONE, HOST, 443).denied().at(hour * HOUR));
            if (hour % 168 == 100) {
                detection.see(answered("198.51.100." + (90 + hour / 168), hour * HOUR + 1));
            }
        }

        assertThat(detection.until(40 * DAY).creates()).hasSize(1);
    }

    @Test
    void whoWasDeniedAgainAndIsLetInAgainIsNewAgain() {
        Detection own = denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(answered(ONE, 30 * HOUR));
        Detection neighbour = denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(answered(ONE, 30 * HOUR));
        for (Detection detection : List.of(own, neighbour)) {
            for (int day = 3; day < 7; day++) {
                detection.see(from(ONE, HOST, 443).denied().at(day * DAY));
            }
        }
        own.see(answered(ONE, 7 * DAY));
        neighbour.see(answered(NEIGHBOUR, 7 * DAY));

        assertThat(own.until(10 * DAY).creates()).hasSize(2);
        assertThat(neighbour.until(10 * DAY).creates()).hasSize(1);
    }

    @Test
    void theCrowdAtOnePortLeavesRoomForTheOthers() {
        Detection detection = Detection.of(NewlyAllowed.FAMILY);
        for (int i = 0; i < 3; i++) {
            detection.see(from(ONE, HOST, 22).denied().at(i * 12L * HOUR + 900));
            for (int client = 0; client < 5_000; client++) {
                detection.see(from("100." + client / 250 + "." + client % 250 + ".1", HOST, 443)
                        .answered()
                        .at(i * 12L * HOUR));
            }
        }
        detection.see(from(ONE, HOST, 22).answered().at(30 * HOUR));

        assertThat(detection.until(32 * HOUR).creates()).singleElement().satisfies(alert -> assertThat(alert.entity())
                .contains(new EntityField("port", "22")));
    }

    @Test
    void scannersOfManyNetworksLeaveThoseWhoComeAgainAndAreCounted() {
        MemoryInMemory memory = new MemoryInMemory();
        NewlyAllowed rule = new NewlyAllowed(Rules.defaults().rule(NewlyAllowed.ID));
        for (int day = 0; day < 2; day++) {
            rule.learn(T0 + day * DAY, List.of(denial(ONE, T0 + day * DAY)), memory);
        }
        List<PaneTally> pane = new ArrayList<>();
        for (int scanner = 0; scanner < 2 * Denials.MOST; scanner++) {
            pane.add(denial("203." + scanner / 250 + "." + scanner % 250 + ".1", T0 + 2 * DAY));
        }
        Set<String> inOrder = learned(rule, pane);
        rule.learn(T0 + 2 * DAY, pane, memory);

        assertThat(memory.numbers).hasSize(Denials.MOST).containsKey("=198.51.100.0 443");
        assertThat(memory.forgotten).isEqualTo(Denials.MOST + 1);
        Collections.shuffle(pane, new Random(1));
        assertThat(learned(rule, pane)).hasSize(Denials.MOST).isEqualTo(inOrder);
    }

    @Test
    void networksRespondersAndPortsAreToldApart() {
        Detection detection = denied(ONE, 0, 12 * HOUR, 24 * HOUR)
                .see(answered("198.51.101.7", 30 * HOUR))
                .see(from(ONE, "10.0.1.6", 443).answered().at(30 * HOUR))
                .see(from(ONE, HOST, 80).answered().at(30 * HOUR))
                .see(from(ONE, HOST, 443).scope("vpc-2").answered().at(30 * HOUR));

        assertNothing(detection);
    }

    @Test
    void anIpv6NetworkIsASlash64() {
        Detection detection = Detection.of(NewlyAllowed.FAMILY);
        for (int i = 0; i < 3; i++) {
            detection.see(from("2001:db8:1:2::" + i, HOST, 443).denied().at(i * 12L * HOUR));
        }
        detection.see(from("2001:db8:1:2:ffff::1", HOST, 443).answered().at(30 * HOUR));

        assertThat(detection.until(32 * HOUR).alerts()).singleElement().satisfies(alert -> assertThat(alert.entity())
                .contains(new EntityField("originator", "2001:db8:1:2::/64")));
    }

    @Test
    void denialsAreRememberedForAWeek() {
        Detection within = denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(answered(ONE, 6 * DAY));
        Detection after = denied(ONE, 0, 12 * HOUR, 24 * HOUR).see(answered(ONE, 10 * DAY));

        assertThat(within.until(7 * DAY).creates()).hasSize(1);
        assertThat(after.until(14 * DAY).all()).isEmpty();
        assertThat(after.keysKept()).isZero();
    }

    @Test
    void manyDenialsAreRememberedByTheirDays() {
        Detection detection = Detection.of(NewlyAllowed.FAMILY);
        for (int i = 0; i < 400; i++) {
            detection.see(from(ONE, HOST, 443).denied().at(i * 600L));
        }

        detection.see(answered(ONE, 5 * DAY)).until(5 * DAY + 2 * HOUR);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> assertThat(alert.numbers())
                .containsEntry("denials", 400L));
    }

    @Test
    void otherProtocolsAndGuessesAreNotJudged() {
        Detection detection = Detection.of(NewlyAllowed.FAMILY);
        for (int i = 0; i < 3; i++) {
            detection.see(from(ONE, HOST, 443).denied().guessed().at(i * 12L * HOUR));
            detection.see(from(ONE, HOST, 53).denied().protocol(FlowRecord.UDP).at(i * 12L * HOUR));
        }
        detection.see(answered(ONE, 30 * HOUR));
        detection.see(from(ONE, HOST, 53).answered().protocol(FlowRecord.UDP).at(30 * HOUR));

        assertNothing(detection);
    }

    @Test
    void anAllowedSourceGoesToTheSuppressedFeed() {
        Detection detection = Detection.of(
                NewlyAllowed.FAMILY, "rules: {newly-allowed: {allow: [{source: 198.51.100.0/24, reason: partner}]}}");
        for (int i = 0; i < 3; i++) {
            detection.see(from(ONE, HOST, 443).denied().at(i * 12L * HOUR));
        }

        detection.see(answered(ONE, 30 * HOUR)).until(32 * HOUR);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow source=198.51.100.0/24 reason=partner");
    }

    @Test
    void neitherOrderNorWatermarkStepsShow() {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long at = i * 2_500L;
            Connections attempt =
                    from(i % 2 == 0 ? ONE : NEIGHBOUR, HOST, 443 + i % 3).at(at).decided(at + 150 + i % 7 * 800L);
            connections.add((i < 45 ? attempt.denied() : attempt.answered()).close());
        }

        AnyOrder.givesTheSameAlerts(() -> Detection.of(NewlyAllowed.FAMILY), connections, 6 * DAY);
    }

    private static Set<String> learned(NewlyAllowed rule, List<PaneTally> pane) {
        MemoryInMemory memory = new MemoryInMemory();
        rule.learn(T0 + 2 * DAY, pane, memory);
        return memory.numbers.keySet();
    }

    private static PaneTally denial(String originator, long at) {
        ClosedConnection closed =
                new ClosedConnection(from(originator, HOST, 443).denied().close(), Networks.byDefault());
        Cell cell = new Cell(NewlyAllowed.classOf(closed.originator()).network(), 443, 6, "denied", Map.of());
        return new PaneTally(at, cell, Tally.at(closed.sample(), at << 8, false));
    }

    private static void assertNothing(Detection detection) {
        assertThat(detection.until(12 * DAY).all()).isEmpty();
    }

    private static Detection denied(String originator, long... moments) {
        Detection detection = Detection.of(NewlyAllowed.FAMILY);
        for (long moment : moments) {
            detection.see(from(originator, HOST, 443).denied().at(moment));
        }
        return detection;
    }

    private static Connections answered(String originator, long at) {
        return from(originator, HOST, 443).answered().at(at);
    }

    private static Connections silent(String originator, long at) {
        return from(originator, HOST, 443)
                .state(ConnState.S0)
                .packets(1, 0)
                .saw("eni-web", true, Action.ACCEPT, 2)
                .at(at);
    }
}
