package io.flowsentinel.detect.rule;

import static io.flowsentinel.detect.judging.Connections.T0;
import static io.flowsentinel.detect.judging.Connections.from;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.detect.Detection;
import io.flowsentinel.detect.Replay;
import io.flowsentinel.detect.judging.Connections;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.OpenAge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BruteForceTest {

    private static final long DAY = 86_400;
    private static final long DONE = 4_000;
    private static final String ATTACKER = "198.51.100.7";
    private static final String INSIDER = "10.0.9.9";
    private static final String TARGET = "10.0.1.5";

    @Test
    void thirtyConnectionsOfTheSizeOfAFailedLoginAreBruteForce() {
        Detection detection = logins(30, UnaryOperator.identity());

        detection.until(300);

        assertThat(detection.all()).singleElement().satisfies(alert -> {
            assertThat(alert.rule().id()).isEqualTo("brute-force");
            assertThat(alert.activity()).isEqualTo(Activity.CREATE);
            assertThat(alert.severity()).isEqualTo(Severity.MEDIUM);
            assertThat(alert.scope()).isEqualTo("vpc-1");
            assertThat(alert.entity())
                    .containsExactly(
                            new EntityField("originator", ATTACKER),
                            new EntityField("responder", TARGET),
                            new EntityField("port", "22"));
            assertThat(alert.title())
                    .isEqualTo("Brute force: 198.51.100.7 opened 30 connections like failed SSH logins to 10.0.1.5"
                            + " port 22, 0 longer sessions after them");
            assertThat(alert.numbers()).containsEntry("connections", 30L).containsEntry("sessions", 0L);
            assertThat(alert.timeMillis()).isEqualTo((T0 + 60) * 1000);
            assertThat(alert.thresholds()).containsEntry("matching", 30.0);
        });
    }

    @Test
    void twentyNineAreNot() {
        assertThat(logins(29, UnaryOperator.identity()).until(DONE).all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "22, 11, 1000, true", "22, 30, 5000, true", "22, 10, 1000, false", "22, 31, 5000, false",
        "22, 11, 999, false", "22, 30, 5001, false", "2222, 20, 2000, true", "2222, 31, 2000, false",
        "3389, 20, 2200, true", "3389, 100, 8001, true", "3389, 19, 2200, false", "3389, 101, 8001, false",
        "3389, 20, 2199, false", "3389, 100, 8002, false", "23, 9, 450, true", "23, 50, 3000, true",
        "23, 8, 450, false", "23, 51, 3000, false", "23, 9, 449, false", "23, 50, 3001, false",
        "443, 20, 2000, false", "5900, 20, 2500, false",
    })
    void everyServiceHasItsShape(int port, long packets, long bytes, boolean fits) {
        Detection detection = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 50; i++) {
            detection.see(
                    from(ATTACKER, TARGET, port).at(i).packets(packets, 20).bytes(bytes));
        }

        assertThat(detection.until(DONE).creates()).hasSize(fits ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(ConnState.class)
    void onlyConnectionsThatCameAboutMatch(ConnState state) {
        boolean cameAbout =
                switch (state) {
                    case S1, S2, S3, SF, RSTO, RSTR -> true;
                    case S0, REJ, RSTOS0, RSTRH, SH, SHR, OTH -> false;
                };

        Detection detection = logins(60, login -> login.state(state)).until(DONE);

        assertThat(detection.creates()).hasSize(cameAbout ? 1 : 0);
    }

    @Test
    void amongTheLastFiftyThirtyHaveToMatch() {
        assertThat(mixed(20).until(DONE).creates()).hasSize(1);
        assertThat(mixed(21).until(DONE).all()).isEmpty();
    }

    @Test
    void failedAttemptsAreNotAmongThem() {
        Detection detection = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 30; i++) {
            detection.see(login().at(i));
            detection.see(from(ATTACKER, TARGET, 22).at(i).unanswered());
            detection.see(from(ATTACKER, TARGET, 22).at(i).state(ConnState.REJ));
        }

        assertThat(detection.until(DONE).creates()).hasSize(1);
    }

    @Test
    void loginsSpreadOverMoreThanHalfAnHourAreNone() {
        Detection within = Detection.of(BruteForce.FAMILY);
        Detection beyond = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 100; i++) {
            within.see(login().at(i * 60L));
            beyond.see(login().at(i * 63L));
        }

        assertThat(within.until(10_000).creates()).hasSize(1);
        assertThat(beyond.until(10_000).all()).isEmpty();
    }

    @Test
    void loginsThatBecomeCertainTogetherMayHaveBegunFarApart() {
        Detection detection = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 40; i++) {
            detection.see(login().at(i * 900L).decided(40_000));
        }

        assertThat(detection.until(50_000).all()).isEmpty();
    }

    @Test
    void guessedDirectionsAndUdpAccuseNobody() {
        assertThat(logins(60, Connections::guessed).until(DONE).all()).isEmpty();
        assertThat(logins(60, login -> login.protocol(FlowRecord.UDP))
                        .until(DONE)
                        .all())
                .isEmpty();
    }

    @Test
    void portsAndRespondersAreJudgedApart() {
        Detection ports = Detection.of(BruteForce.FAMILY);
        Detection responders = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 50; i++) {
            ports.see(from(ATTACKER, TARGET, i % 2 == 0 ? 22 : 2_222)
                    .at(i)
                    .packets(20, 20)
                    .bytes(2_000));
            responders.see(from(ATTACKER, "10.0.1." + (5 + i % 2), 22)
                    .at(i)
                    .packets(20, 20)
                    .bytes(2_000));
        }

        assertThat(ports.until(DONE).all()).isEmpty();
        assertThat(responders.until(DONE).all()).isEmpty();
    }

    @Test
    void aLongerSessionAfterThirtyMakesItHigh() {
        Detection detection = logins(30, UnaryOperator.identity());

        detection.see(session(101).at(60).decided(700));
        detection.until(DONE);

        assertThat(detection.alerts().subList(0, 2))
                .satisfiesExactly(create -> assertThat(create.severity()).isEqualTo(Severity.MEDIUM), update -> {
                    assertThat(update.activity()).isEqualTo(Activity.UPDATE);
                    assertThat(update.severity()).isEqualTo(Severity.HIGH);
                    assertThat(update.title()).endsWith("port 22, 1 longer session after them");
                    assertThat(update.count()).isEqualTo(30);
                    assertThat(update.connections())
                            .hasSize(Alert.MAX_EVIDENCE)
                            .last()
                            .satisfies(evidence -> {
                                assertThat(evidence.start()).isEqualTo(T0 + 60);
                                assertThat(update.context()).containsEntry("session", evidence.connectionId());
                            });
                });
    }

    @ParameterizedTest
    @ValueSource(longs = {20, 60})
    void aSessionThatGoesOnIsToldOfWhileItIsOpen(long minutes) {
        Detection detection = guessing();
        Connections stays = session(500).at(840).lasting(minutes * 60);

        detection.see(stays.decided(840 + 600 + 120).build(Event.AGED));
        detection.until(840 + minutes * 60).see(stays.decided(840 + minutes * 60 + 120));
        detection.until(DAY);

        assertThat(detection.alerts())
                .filteredOn(alert -> alert.severity() == Severity.HIGH)
                .first()
                .satisfies(update -> {
                    assertThat(update.activity()).isEqualTo(Activity.UPDATE);
                    assertThat(update.timeMillis()).isEqualTo((T0 + 1_440) * 1000);
                    assertThat(update.title()).contains("40 connections").endsWith("1 longer session after them");
                    assertThat(update.count()).isEqualTo(40);
                    assertThat(update.lastSeenMillis()).isEqualTo((T0 + 840) * 1000);
                    assertThat(update.connections()).last().satisfies(shown -> assertThat(update.context())
                            .containsEntry("session", shown.connectionId()));
                });
        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.alerts()).last().satisfies(close -> {
            assertThat(close.activity()).isEqualTo(Activity.CLOSE);
            assertThat(close.numbers()).containsEntry("sessions", 1L);
            assertThat(close.connections().get(close.connections().size() - 1).end())
                    .isEqualTo(T0 + 840 + minutes * 60);
        });
    }

    @Test
    void aSessionRaisesTheFindingWhenTheMatchesHaveLeftTheWindow() {
        Detection detection = guessing();

        detection.until(3_000).see(session(101).at(840).lasting(2_400).decided(3_400));
        detection.until(DAY);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.alerts())
                .extracting(Alert::activity, Alert::severity)
                .contains(tuple(Activity.UPDATE, Severity.HIGH), tuple(Activity.CLOSE, Severity.HIGH));
        assertThat(detection.until(2 * DAY).keysKept()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "2560, 3000, true", // within half an hour after the last match, at 780
        "2600, 3000, false", // later
        "600, 3000, true", // after thirty of them
        "500, 3000, false", // after fewer
        "2000, 7000, false" // when the finding is closed
    })
    void whatBeginsSoonAfterTheMatchesAndIsHeardOfWhileItIsOpenRaisesIt(long start, long decided, boolean raises) {
        Detection detection = guessing();

        detection.until(2_900).see(session(101).at(start).decided(decided));
        detection.until(DAY);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.alerts().stream().anyMatch(alert -> alert.severity() == Severity.HIGH))
                .isEqualTo(raises);
    }

    @Test
    void aYoungConnectionThatIsStillOpenIsNothingYet() {
        Detection detection = guessing();

        detection.see(login().at(840).lasting(600).decided(1_560).build(Event.AGED));
        detection.until(DAY);

        assertThat(detection.alerts()).allMatch(alert -> alert.severity() == Severity.MEDIUM);
        assertThat(detection.alerts()).last().satisfies(close -> assertThat(close.count())
                .isEqualTo(40));
    }

    @Test
    void whatIsStillOpenIsNotAmongTheLastFifty() {
        Detection detection = logins(30, UnaryOperator.identity());
        for (int i = 0; i < 30; i++) {
            detection.see(session(200).at(60 + i).decided(720).build(Event.AGED));
        }

        assertThat(detection.until(900).alerts())
                .extracting(Alert::severity)
                .containsExactly(Severity.MEDIUM, Severity.HIGH);
    }

    @Test
    void sessionsOfAPairThatGuessedNothingAreNothing() {
        Detection detection = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 40; i++) {
            detection.see(session(500).at(i * 60L));
            detection.see(session(500).at(i * 60L).decided(i * 60L + 720).build(Event.AGED));
        }

        assertThat(detection.until(DAY).all()).isEmpty();
    }

    @Test
    void openConnectionsAreLookedAtOnTheServicesPortsAlone() {
        assertThat(BruteForce.ages(Rules.defaults()))
                .extracting(OpenAge::ports)
                .containsOnly(List.of(22, 23, 2_222, 3_389));
        assertThat(BruteForce.ages(Rules.defaults()))
                .extracting(OpenAge::seconds)
                .containsExactly(600L, 1_800L, 3_600L);
        assertThat(BruteForce.ages(Rules.load("rules: {brute-force: {mode: off}}", "rules.yaml")))
                .isEmpty();
    }

    @Test
    void equalAddressesInTwoVpcsAreTwoHosts() {
        Detection halves = Detection.of(BruteForce.FAMILY);
        Detection both = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 40; i++) {
            halves.see(login().scope("vpc-" + i % 2).at(i));
            both.see(login().scope("vpc-1").at(i));
            both.see(login().scope("vpc-2").at(i));
        }

        assertThat(halves.until(DONE).all()).isEmpty();
        assertThat(both.until(DONE).creates()).extracting(Alert::scope).containsExactlyInAnyOrder("vpc-1", "vpc-2");
    }

    @Test
    void aSessionOfAHundredPacketsOrBeforeThemDoesNot() {
        Detection shorter =
                logins(30, UnaryOperator.identity()).see(session(100).at(60));
        Detection before = logins(30, UnaryOperator.identity()).see(session(101).at(28));

        assertThat(shorter.until(DONE).alerts()).allMatch(alert -> alert.severity() == Severity.MEDIUM);
        assertThat(before.until(DONE).alerts()).allMatch(alert -> alert.severity() == Severity.MEDIUM);
    }

    @Test
    void aPairThatIsNewInsideIsBruteForce() {
        Detection detection = insider(0, 30);

        detection.until(300);

        assertThat(detection.alerts()).singleElement().satisfies(alert -> assertThat(alert.scope())
                .isEqualTo("vpc-1"));
    }

    @Test
    void aPairThatIsKnownInsideIsADryRun() {
        Detection detection = insider(0, 1);
        detection.until(7 * DAY - 3_600);

        addInsider(detection, 7 * DAY - 3_600, 30);
        detection.until(7 * DAY + 10_000);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsOnly("dry-run");
    }

    @Test
    void anotherOfTheServicesMakesThePairKnownToo() {
        Detection detection = Detection.of(BruteForce.FAMILY);
        detection.see(from(INSIDER, TARGET, 3_389)).until(DAY);

        addInsider(detection, DAY, 30);
        detection.until(DAY + 10_000);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).isNotEmpty();
    }

    @Test
    void aPairThatWasSilentForAWeekIsNewAgain() {
        Detection detection = insider(0, 1);
        detection.until(7 * DAY + 7_200);

        addInsider(detection, 7 * DAY + 7_200, 30);
        detection.until(7 * DAY + 20_000);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.suppressed()).isEmpty();
    }

    @Test
    void whatIsNewAtTheCreateStaysSoWhileItIsOpen() {
        Detection detection = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 400; i++) {
            addInsider(detection, i * 30L, 1);
        }

        detection.until(20_000);

        assertThat(detection.creates()).hasSize(1);
        assertThat(detection.alerts()).extracting(Alert::activity).contains(Activity.UPDATE);
        assertThat(detection.suppressed()).isEmpty();
    }

    @Test
    void aKnownPairOfAnExternalOriginatorIsNoDryRun() {
        Detection detection = Detection.of(BruteForce.FAMILY);
        detection.see(login()).until(DAY);
        for (int i = 0; i < 30; i++) {
            detection.see(login().at(DAY + i));
        }

        assertThat(detection.until(DAY + 300).alerts()).hasSize(1);
    }

    @Test
    void whatIsKnownOfAPairIsForgotten() {
        Detection detection = insider(0, 30);

        assertThat(detection.until(8 * DAY).keysKept()).isEqualTo(1);
        assertThat(detection.until(11 * DAY).keysKept()).isZero();
    }

    @Test
    void aGatewayWhoseInnerConnectionsAreLoggedIsHeldBack() {
        Detection detection = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 30; i++) {
            detection.see(login("10.0.9.1").at(i));
        }
        detection.see(login(INSIDER).through("10.0.9.1"));

        detection.until(300);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed()).extracting(Alert::suppressedBy).containsExactly("translated");
    }

    @Test
    void anAllowedOriginatorIsHeldBack() {
        Detection detection = Detection.of(
                BruteForce.FAMILY,
                "rules: {brute-force: {allow: [{source: 198.51.100.0/24, port: 22, reason: our monitor}]}}");
        for (int i = 0; i < 30; i++) {
            detection.see(login().at(i));
        }

        detection.until(300);

        assertThat(detection.alerts()).isEmpty();
        assertThat(detection.suppressed())
                .extracting(Alert::suppressedBy)
                .containsExactly("allow source=198.51.100.0/24 port=22 reason=our monitor");
    }

    @Test
    void aThresholdBeyondFiftyLooksBackAsFar() {
        Detection detection = Detection.of(BruteForce.FAMILY, "rules: {brute-force: {thresholds: {matching: 60}}}");
        for (int i = 0; i < 60; i++) {
            detection.see(login().at(i));
        }

        assertThat(detection.until(300).alerts()).hasSize(1);
    }

    @Test
    void aPaneWithMoreThanIsToldApartIsJudgedByWhatIs() {
        Detection detection = Detection.of(BruteForce.FAMILY, Duration.ofMinutes(10));
        for (int i = 0; i < 6_000; i++) {
            detection.see(login().at(i / 10));
        }
        // After the matching ones that are told apart; alone they would be the last fifty.
        for (int i = 0; i < 100; i++) {
            detection.see(from(ATTACKER, TARGET, 22).at(500 + i).packets(5, 5));
        }

        assertThat(detection.until(2_000).creates()).hasSize(1);
    }

    @Test
    void itIsClosedAnHourAfterItLastHeld() {
        List<Alert> alerts = logins(30, UnaryOperator.identity()).until(DAY).alerts();

        assertThat(alerts).extracting(Alert::activity).containsExactly(Activity.CREATE, Activity.CLOSE);
        // The last window with all thirty ends at 1,800.
        assertThat(alerts.get(1).timeMillis()).isEqualTo((T0 + 1_800 + 3_600) * 1000);
    }

    @Property(tries = 100)
    void neitherArrivalOrderNorWatermarkStepsShow(
            @ForAll @IntRange(max = 1_000) int seed,
            @ForAll @IntRange(max = 1_000) int order,
            @ForAll @IntRange(min = 1, max = 3_000) int step) {
        Random random = new Random(seed);
        List<Connections> traffic = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int start = 30 * i + random.nextInt(30); // no two have the same id
            String originator = random.nextInt(3) == 0 ? ATTACKER : INSIDER;
            Connections one = random.nextInt(5) > 0 ? login(originator) : from(originator, TARGET, 22);
            boolean longer = random.nextInt(40) == 0;
            traffic.add(
                    one.packets(longer ? 200 : 20, 20).at(start).decided(start + random.nextInt(longer ? 3_000 : 600)));
        }

        List<Alert> expected = Replay.of(BruteForce.FAMILY, "", traffic, 7, 0, 20_000);
        List<Alert> actual = Replay.of(BruteForce.FAMILY, "", traffic, step, order, 20_000);

        assertThat(actual).isNotEmpty().isEqualTo(expected);
    }

    private static Connections login() {
        return login(ATTACKER);
    }

    private static Connections login(String originator) {
        return from(originator, TARGET, 22).packets(20, 20).bytes(2_000);
    }

    private static Connections session(long packets) {
        return from(ATTACKER, TARGET, 22).packets(packets, packets).bytes(10_000);
    }

    /** Forty in thirteen minutes, one every twenty seconds. */
    private static Detection guessing() {
        Detection detection = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < 40; i++) {
            detection.see(login().at(i * 20L));
        }
        return detection;
    }

    private static Detection logins(int number, UnaryOperator<Connections> kind) {
        Detection detection = Detection.of(BruteForce.FAMILY);
        for (int i = 0; i < number; i++) {
            detection.see(kind.apply(login().at(i % 60)));
        }
        return detection;
    }

    /** Thirty that match, and then so many that do not. */
    private static Detection mixed(int others) {
        Detection detection = logins(30, UnaryOperator.identity());
        for (int i = 0; i < others; i++) {
            detection.see(from(ATTACKER, TARGET, 22).at(35 + i % 20).packets(5, 5));
        }
        return detection;
    }

    private static Detection insider(long from, int number) {
        Detection detection = Detection.of(BruteForce.FAMILY);
        addInsider(detection, from, number);
        return detection;
    }

    private static void addInsider(Detection detection, long from, int number) {
        for (int i = 0; i < number; i++) {
            detection.see(login(INSIDER).at(from + i));
        }
    }
}
