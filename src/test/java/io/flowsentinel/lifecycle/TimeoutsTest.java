package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connections;
import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimeoutsTest {

    record Silence(String name, List<Flow> before, long deadline, EndReason reason, int protocol) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All of them end their last window at second 60. */
    static Stream<Silence> silences() {
        return Stream.of(
                tcp("closed", 60 + 120, EndReason.CLOSED, request().flags(3), answer().flags(19)),
                tcp("reset", 60 + 120, EndReason.CLOSED, request().flags(2), answer().flags(4)),
                tcp("attempt", 60 + 150, EndReason.ATTEMPT_TIMEOUT, request().flags(2)),
                tcp(
                        "denied",
                        60 + 150,
                        EndReason.ATTEMPT_TIMEOUT,
                        request().flags(2).rejected()),
                tcp("half", 60 + 300, EndReason.HALF_CLOSE_TIMEOUT, request().flags(3), answer().flags(18)),
                tcp(
                        "fin after an unanswered syn",
                        60 + 300,
                        EndReason.HALF_CLOSE_TIMEOUT,
                        request().flags(3)),
                tcp("idle", 60 + 900, EndReason.IDLE, request().flags(2), answer().flags(18)),
                other("no flags", 60 + 900, FlowRecord.TCP, request().withoutFlags()),
                other("udp", 60 + 180, FlowRecord.UDP, request().protocol(FlowRecord.UDP)),
                other("icmp", 60 + 120, FlowRecord.ICMP, request().protocol(FlowRecord.ICMP)),
                other("gre", 60 + 120, 47, request().protocol(47)));
    }

    private static Silence tcp(String name, long deadline, EndReason reason, Flow... before) {
        return new Silence(name, List.of(before), deadline, reason, FlowRecord.TCP);
    }

    private static Silence other(String name, long deadline, int protocol, Flow before) {
        return new Silence(name, List.of(before), deadline, EndReason.IDLE, protocol);
    }

    @ParameterizedTest
    @MethodSource("silences")
    void aRecordAtTheDeadlineBelongs(Silence silence) {
        assertThat(connections(with(silence, silence.deadline()))).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("silences")
    void aRecordAfterTheDeadlineDoesNot(Silence silence) {
        List<Connection> both = connections(with(silence, silence.deadline() + 1));

        assertThat(both).hasSize(2);
        assertThat(both.get(0).endReason()).isEqualTo(silence.reason());
    }

    private static Flow[] with(Silence silence, long second) {
        Flow next = request().protocol(silence.protocol()).at(second);
        return Stream.concat(silence.before().stream(), Stream.of(next)).toArray(Flow[]::new);
    }

    @ParameterizedTest
    @MethodSource("silences")
    void theEndOfTheInputIsNoTimeoutBeforeTheDeadline(Silence silence) {
        List<FlowRecord> records = silence.before().stream().map(Flow::record).toList();

        Connection cut =
                new Batch().foldAll(records, Flow.NOON + silence.deadline() - 1).get(0);
        Connection whole =
                new Batch().foldAll(records, Flow.NOON + silence.deadline()).get(0);

        assertThat(cut.endReason()).isEqualTo(EndReason.END_OF_INPUT);
        assertThat(whole.endReason()).isEqualTo(silence.reason());
    }

    /** No two alike, none a default. */
    private static final Timeouts OWN =
            Timeouts.of(seconds(600), seconds(7), seconds(11), seconds(13), seconds(17), seconds(19), seconds(23));

    private static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }

    record Configured(String name, Timeouts timeouts, Duration timeout, List<Flow> before) {
        @Override
        public String toString() {
            return name + " " + timeout;
        }
    }

    static Stream<Configured> configured() {
        return Stream.of(Timeouts.defaults(seconds(600)), OWN)
                .flatMap(set -> Stream.of(
                        new Configured(
                                "closed", set, set.linger(), List.of(request().flags(3), answer().flags(19))),
                        new Configured(
                                "reset attempt",
                                set,
                                set.linger(),
                                List.of(request().flags(6))),
                        new Configured(
                                "attempt", set, set.attempt(), List.of(request().flags(2))),
                        new Configured(
                                "half", set, set.halfClose(), List.of(request().flags(2), answer().flags(19))),
                        new Configured(
                                "half, other side",
                                set,
                                set.halfClose(),
                                List.of(request().flags(1))),
                        new Configured(
                                "idle", set, set.idleTcp(), List.of(request().flags(2), answer().flags(18))),
                        new Configured("udp", set, set.udp(), List.of(request().protocol(FlowRecord.UDP))),
                        new Configured(
                                "icmpv6", set, set.other(), List.of(request().protocol(FlowRecord.ICMPV6)))));
    }

    @ParameterizedTest
    @MethodSource("configured")
    void everyTimeoutIsAsConfigured(Configured silence) {
        List<FlowRecord> records = silence.before().stream().map(Flow::record).toList();
        long deadline = Flow.NOON + 60 + silence.timeout().toSeconds();

        Connection cut = new Batch()
                .with(silence.timeouts())
                .foldAll(records, deadline - 1)
                .get(0);
        Connection whole =
                new Batch().with(silence.timeouts()).foldAll(records, deadline).get(0);

        assertThat(cut.endReason()).isEqualTo(EndReason.END_OF_INPUT);
        assertThat(whole.endReason()).isNotEqualTo(EndReason.END_OF_INPUT);
    }

    @Test
    void whatIsNotSetIsTheDefaultOfTheInterval() {
        Timeouts ten = Timeouts.defaults(seconds(10));
        Timeouts one = Timeouts.of(seconds(10), null, null, null, null, null, seconds(1));

        assertThat(ten)
                .isEqualTo(new Timeouts(
                        seconds(10), seconds(70), seconds(150), seconds(300), seconds(900), seconds(180), seconds(60)));
        assertThat(one)
                .isEqualTo(new Timeouts(
                        seconds(10), seconds(70), seconds(150), seconds(300), seconds(900), seconds(180), seconds(1)));
    }

    @Test
    void anAttemptIsTimedByItsLastSynAndAnythingElseByItsLastRecord() {
        Flow[] attempt = {request().flags(2).during(0, 10), answer().during(0, 60)};
        Flow[] closed = {request().flags(3), answer().flags(19), request().during(60, 100)};

        assertThat(connections(with(attempt, answer().at(160)))).hasSize(1);
        assertThat(connections(with(attempt, answer().at(161))))
                .extracting(Connection::endReason)
                .containsExactly(EndReason.ATTEMPT_TIMEOUT, EndReason.IDLE);
        assertThat(connections(with(closed, request().at(220)))).hasSize(1);
        assertThat(connections(with(closed, request().at(221)))).hasSize(2);
    }

    private static Flow[] with(Flow[] before, Flow next) {
        return Stream.concat(Arrays.stream(before), Stream.of(next)).toArray(Flow[]::new);
    }

    @Test
    void whatTheEndOfTheInputCutIsDecidedThenOrWhenItsLastRecordEnds() {
        List<FlowRecord> records = List.of(request().record());

        Connection after = new Batch().foldAll(records, Flow.NOON + 100).get(0);
        Connection before = new Batch().foldAll(records, Flow.NOON + 10).get(0);

        assertThat(after.decidedAt()).isEqualTo(Flow.NOON + 100);
        assertThat(before.decidedAt()).isEqualTo(Flow.NOON + 60);
    }

    @Test
    void defaultsGrowWithTheAggregationInterval() {
        Timeouts ten = Timeouts.defaults(Duration.ofMinutes(10));

        assertThat(ten.linger()).isEqualTo(Duration.ofMinutes(11));
        assertThat(ten.attempt()).isEqualTo(Duration.ofMinutes(20));
        assertThat(ten.halfClose()).isEqualTo(Duration.ofMinutes(30));
        assertThat(ten.idleTcp()).isEqualTo(Duration.ofMinutes(30));
        assertThat(ten.udp()).isEqualTo(Duration.ofMinutes(20));
        assertThat(ten.other()).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void aConnectionAfterASilenceGoesOnFromTheOneBeforeAndKeepsItsRoles() {
        List<Connection> both = connections(
                request().flags(2).at(0),
                answer().flags(18).at(0),
                answer().at(60 + 86_400).line(9));

        assertThat(both.get(1).continuationOf()).isEqualTo(both.get(0).id());
        assertThat(both.get(1).originator().endpoint()).isEqualTo(Flow.LAPTOP);
        assertThat(both.get(1).directionEvidence()).isEqualTo(Connection.DirectionEvidence.SYN);
        assertThat(both.get(1).has(Trait.MIDSTREAM)).isFalse();
    }

    @Test
    void afterADayOrACloseOrWithASynItDoesNot() {
        Flow[] idle = {request().flags(2).at(0), answer().flags(18).at(0)};
        Flow[] closed = {request().flags(3).at(0), answer().flags(19).at(0)};

        Connection nextDay = last(idle, answer().at(61 + 86_400));
        Connection afterClose = last(closed, answer().at(3600));
        Connection opened = last(idle, request().flags(2).at(3600));

        assertThat(Arrays.asList(nextDay.continuationOf(), afterClose.continuationOf(), opened.continuationOf()))
                .containsOnlyNulls();
        assertThat(nextDay.has(Trait.MIDSTREAM)).isTrue();
        assertThat(afterClose.has(Trait.MIDSTREAM)).isTrue();
        assertThat(opened.has(Trait.MIDSTREAM)).isFalse();
    }

    private static Connection last(Flow[] before, Flow next) {
        List<Connection> all = connections(with(before, next));
        return all.get(all.size() - 1);
    }

    @Test
    void whatWasDecidedWhenIsComputedNotObserved() {
        Connection idle =
                connections(request().flags(2).at(0), answer().flags(18).at(0)).get(0);
        Connection reused = connections(
                        request().flags(2).at(0),
                        answer().flags(18).at(0),
                        request().flags(2).at(300))
                .get(0);

        assertThat(idle.decidedAt()).isEqualTo(Flow.NOON + 60 + 900 + 120);
        assertThat(reused.decidedAt()).isEqualTo(Flow.NOON + 300 + 120);
    }

    @Test
    void updatesComeAtMultiplesOfTheIntervalWhileTheConnectionLives() {
        Flow[] flows = new Flow[20];
        for (int i = 0; i < flows.length; i++) {
            flows[i] = request().flags(i == 0 ? 2 : 0).at(60L * i);
            if (i == 1) {
                flows[i] = answer().flags(18).at(60);
            }
        }

        List<Connection> events =
                new Batch().with(LiveFeed.updatesEvery(Duration.ofMinutes(10))).fold(flows);

        assertThat(events)
                .extracting(Connection::event)
                .containsExactly(
                        Connection.Event.UPDATE,
                        Connection.Event.UPDATE,
                        Connection.Event.UPDATE,
                        Connection.Event.CLOSE);
        assertThat(events.get(0).decidedAt()).isEqualTo(Flow.NOON + 600 + 120);
        assertThat(events.get(0).records()).isEqualTo(11);
        assertThat(events.get(0).endReason()).isNull();
    }

    @Test
    void anOpenEventComesOnceWhenBothSidesAreEstablished() {
        List<Connection> events = new Batch()
                .with(new LiveFeed(true, null, List.of()))
                .fold(
                        request().flags(2).at(0),
                        answer().flags(18).at(1),
                        request().at(60),
                        answer().at(60));

        assertThat(events).extracting(Connection::event).containsExactly(Connection.Event.OPEN, Connection.Event.CLOSE);
        assertThat(events.get(0).records()).isEqualTo(2);
        assertThat(events.get(0).id()).isEqualTo(events.get(1).id());
    }
}
