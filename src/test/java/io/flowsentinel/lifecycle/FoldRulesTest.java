package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connection;
import static io.flowsentinel.lifecycle.Batch.connections;
import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.RecordRef;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldRulesTest {

    @Test
    void aSynAfterTheCloseIsAnotherConnection() {
        List<Connection> both = connections(
                request().flags(3).at(0),
                answer().flags(19).at(0),
                request().flags(2).at(61),
                answer().flags(18).at(61));

        assertThat(both).extracting(Connection::endReason).containsExactly(EndReason.CLOSED, EndReason.IDLE);
        assertThat(both).extracting(Connection::state).containsExactly(ConnState.SF, ConnState.S1);
    }

    @Test
    void aSynThatStartsWhenTheCloseWindowEndsIsTheSameConnection() {
        Connection one = connection(
                request().flags(3).at(0),
                answer().flags(19).at(0),
                request().flags(2).at(60));

        assertThat(one.records()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "6, 0", "0, 4", "0, 22", "1, 1", "5, 18"})
    void aResetOfEitherSideOrAFinOfBothIsTheClose(int ofOriginator, int ofResponder) {
        List<Connection> both = connections(
                request().flags(2),
                answer().flags(18),
                request().flags(ofOriginator).at(60),
                answer().flags(ofResponder).at(60),
                request().flags(2).at(121));

        assertThat(both).extracting(Connection::endReason).startsWith(EndReason.CLOSED);
        assertThat(both.get(0).has(Trait.MISSED_CLOSE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1"})
    void aFinOfOneSideIsNoClose(int ofOriginator, int ofResponder) {
        List<Connection> both = connections(
                request().flags(2),
                answer().flags(18),
                request().flags(ofOriginator).at(60),
                answer().flags(ofResponder).at(60),
                request().flags(2).at(121));

        assertThat(both).extracting(Connection::endReason).startsWith(EndReason.TCP_REUSE);
    }

    @Test
    void theCloseOfRejectedRecordsCountsAsLongAsNoOtherIsThere() {
        Flow[] denied = {request().flags(2).rejected(), answer().flags(4).rejected()};

        List<Connection> afterReset =
                connections(denied[0], denied[1], request().flags(2).rejected().at(61));
        Connection accepted = connection(
                request().flags(2),
                answer().flags(18),
                answer().flags(4).rejected(),
                request().at(900));

        assertThat(afterReset).extracting(Connection::endReason).startsWith(EndReason.CLOSED);
        assertThat(accepted.endReason()).isEqualTo(EndReason.IDLE);
    }

    @Test
    void aSynAckAfterTheCloseIsAnotherConnection() {
        List<Connection> both = connections(
                request().flags(3).at(0),
                answer().flags(19).at(0),
                answer().flags(18).at(61));

        assertThat(both).hasSize(2);
    }

    @Test
    void aSynOfTheSecondInterfaceIsTheSameConnectionUpToAMinuteAfterTheClose() {
        Flow[] seenTwice = {
            request().flags(3).at(0).on("eni-1"),
            answer().flags(19).at(0).on("eni-1"),
            request().flags(3).at(120).on("eni-2")
        };
        Flow[] reused = {seenTwice[0], seenTwice[1], request().flags(3).at(121).on("eni-2")};

        assertThat(connections(seenTwice)).hasSize(1);
        assertThat(connections(reused)).hasSize(2);
    }

    @Test
    void aRepeatedSynIsTheSameAttemptFor128Seconds() {
        Connection repeated =
                connection(request().flags(2).during(0, 10), request().flags(2).during(138, 140));
        List<Connection> two =
                connections(request().flags(2).during(0, 10), request().flags(2).during(139, 140));

        assertThat(repeated.synRecords()).isEqualTo(2);
        assertThat(repeated.endReason()).isEqualTo(EndReason.ATTEMPT_TIMEOUT);
        assertThat(two)
                .extracting(Connection::endReason)
                .containsExactly(EndReason.NEW_ATTEMPT, EndReason.ATTEMPT_TIMEOUT);
    }

    @Test
    void theSynsOfAnAttemptAreThoseOfItsOriginator() {
        assertThat(connection(answer().flags(2), answer().flags(2).at(100)).synRecords())
                .isEqualTo(2);
    }

    @Test
    void aRepeatedSynIsTimedByTheLastSynWhateverElseCame() {
        Flow[] before = {request().flags(2).during(0, 10), answer().during(0, 60)};

        assertThat(connections(before[0], before[1], request().flags(2).at(138)))
                .hasSize(1);
        assertThat(connections(before[0], before[1], request().flags(2).at(139)))
                .extracting(Connection::endReason)
                .startsWith(EndReason.NEW_ATTEMPT);
    }

    @Test
    void aSynOfTheOtherSideCrossesInTheSameWindowAndBeginsAnewInALaterOne() {
        Connection crossed =
                connection(request().flags(2).at(0), answer().flags(2).at(30));
        List<Connection> two =
                connections(request().flags(2).at(0), answer().flags(2).at(61));

        assertThat(crossed.has(Trait.CROSSED_SYN)).isTrue();
        assertThat(crossed.state()).isEqualTo(ConnState.OTH);
        assertThat(two).extracting(Connection::endReason).startsWith(EndReason.NEW_ATTEMPT);
        assertThat(two.get(1).originator().endpoint()).isEqualTo(Flow.SERVER);
    }

    @Test
    void crossedSynsMayBeAnsweredByBothSides() {
        Connection one = connection(
                request().flags(2).during(0, 1),
                answer().flags(2).during(0, 1),
                request().flags(18).during(1, 2),
                answer().flags(18).during(1, 2));

        assertThat(one.state()).isEqualTo(ConnState.S1);
        assertThat(one.has(Trait.CROSSED_SYN)).isTrue();
        assertThat(one.has(Trait.SIMULTANEOUS_OPEN)).isTrue();
    }

    @Test
    void aSynOfTheResponderAfterItsAnswerDoesNotCross() {
        Connection one = connection(
                request().flags(2), answer().flags(18), answer().flags(2).at(30));

        assertThat(one.has(Trait.CROSSED_SYN)).isFalse();
    }

    @Test
    void aSynAckInALaterWindowWhileEstablishedBelongs() {
        assertThat(connections(
                        request().flags(2),
                        answer().flags(18),
                        answer().flags(18).at(300)))
                .hasSize(1);
    }

    @Test
    void aSynInALaterWindowWhileEstablishedIsAReusedTuple() {
        List<Connection> both = connections(
                request().flags(2).at(0),
                answer().flags(18).at(0),
                request().flags(2).at(61));

        assertThat(both.get(0).endReason()).isEqualTo(EndReason.TCP_REUSE);
        assertThat(both.get(0).has(Trait.MISSED_CLOSE)).isTrue();
        assertThat(both.get(1).has(Trait.MISSED_CLOSE)).isFalse();
    }

    @Test
    void aSynInTheSameWindowWhileEstablishedBelongs() {
        assertThat(connections(
                        request().flags(2).at(0),
                        answer().flags(18).at(0),
                        request().flags(2).at(60)))
                .hasSize(1);
    }

    @Test
    void aSynOfTheResponderInALaterWindowSwapsTheRoles() {
        List<Connection> both = connections(
                request().flags(2).at(0),
                answer().flags(18).at(0),
                answer().flags(2).at(61));

        assertThat(both).hasSize(2);
        assertThat(both.get(1).originator().endpoint()).isEqualTo(Flow.SERVER);
    }

    @Test
    void dataAfterAWholeConnectionInOneWindowHintsAtAnother() {
        Flow[] whole = {request().flags(3).at(0), answer().flags(19).at(0)};

        Connection many =
                connection(whole[0], whole[1], request().at(61).packets(3).bytes(120));
        Connection big =
                connection(whole[0], whole[1], request().at(61).packets(1).bytes(61));
        Connection last =
                connection(whole[0], whole[1], request().at(61).packets(2).bytes(120));
        Connection elsewhere =
                connection(whole[0], whole[1], request().at(61).packets(9).on("eni-2"));
        Connection early = connection(whole[0], whole[1], request().at(60).packets(9));

        assertThat(List.of(many, big)).allMatch(one -> one.has(Trait.MULTI_CONNECTION_SUSPECTED));
        assertThat(List.of(last, elsewhere, early)).noneMatch(one -> one.has(Trait.MULTI_CONNECTION_SUSPECTED));
    }

    @Test
    void anotherConnectionIsSuspectedOnlyAfterAWholeOneOfBothDirectionsAtTheInterface() {
        Connection finLater = connection(
                request().flags(3),
                answer().flags(18).during(0, 50),
                answer().flags(1).during(50, 60),
                request().at(61).packets(9));
        Connection otherDirectionOnly = connection(
                request().flags(3),
                answer().flags(19),
                answer().flags(19).on("eni-2"),
                request().at(61).packets(9).on("eni-2"));
        Connection withSyn = connection(
                request().flags(3).during(0, 100),
                answer().flags(19),
                request().flags(3).at(61).packets(9));

        assertThat(List.of(finLater, otherDirectionOnly, withSyn))
                .noneMatch(one -> one.has(Trait.MULTI_CONNECTION_SUSPECTED));
    }

    @Test
    void recordsLostByAnObserverWithinAMinuteAreACoverageGap() {
        Flow[] flows = {request().flags(2).at(100), answer().flags(18).at(100)};

        assertThat(new Batch().losing("eni-1", 20, 40).fold(flows)).allMatch(one -> one.has(Trait.COVERAGE_GAP));
        assertThat(new Batch().losing("eni-1", 220, 230).fold(flows)).allMatch(one -> one.has(Trait.COVERAGE_GAP));
        assertThat(new Batch().losing("eni-1", 20, 39).fold(flows)).noneMatch(one -> one.has(Trait.COVERAGE_GAP));
        assertThat(new Batch().losing("eni-1", 221, 230).fold(flows)).noneMatch(one -> one.has(Trait.COVERAGE_GAP));
        assertThat(new Batch().losing("eni-2", 90, 120).fold(flows)).noneMatch(one -> one.has(Trait.COVERAGE_GAP));
    }

    @Test
    void withoutFlagsNothingButSilenceEndsAConnection() {
        Connection one = connection(
                request().withoutFlags().at(0),
                answer().withoutFlags().at(0),
                request().withoutFlags().at(300),
                answer().withoutFlags().at(900));

        assertThat(one.state()).isEqualTo(ConnState.OTH);
        assertThat(one.endReason()).isEqualTo(EndReason.IDLE);
        assertThat(one.has(Trait.MIDSTREAM)).isFalse();
    }

    @Test
    void aMissingFlagBesideKnownOnesCountsAsNone() {
        Connection one = connection(
                request().flags(3).at(0),
                answer().flags(19).at(0),
                request().withoutFlags().at(60));

        assertThat(one.has(Trait.FLAGS_PRESENT)).isTrue();
        assertThat(one.state()).isEqualTo(ConnState.SF);
    }

    @Test
    void whatAnAnswerDeniedByAnAclSaysIsNotHeardSoTheSynIsRepeated() {
        Connection one = connection(
                request().flags(2).during(0, 10),
                answer().flags(18).during(0, 10).rejected(),
                request().flags(2).during(61, 70));

        assertThat(one.state()).isEqualTo(ConnState.S0);
        assertThat(one.synRecords()).isEqualTo(2);
        assertThat(one.verdict()).isEqualTo(Connection.Verdict.REPLY_DENIED);
    }

    @Test
    void aLineRepeatedIsCountedButNotAdded() {
        Batch batch = new Batch();

        Connection one = batch.fold(
                        request().flags(2).line(7),
                        request().flags(2).line(3),
                        request().flags(2).packets(6).line(4))
                .get(0);

        assertThat(batch.duplicates).isEqualTo(1);
        assertThat(one.evidence()).extracting(RecordRef::line).containsExactly(3L, 4L);
        assertThat(one.records()).isEqualTo(2);
        assertThat(one.originator().packets()).isEqualTo(11);
    }

    @Test
    void anAbsentFieldEqualsOnlyAnAbsentOne() {
        Batch batch = new Batch();

        Connection one = batch.fold(
                        request().packets(0).bytes(0),
                        request().packets(0).bytes(0).line(2).without(FlowRecord.NO_PACKETS),
                        request().packets(0).bytes(0).line(3).without(FlowRecord.NO_BYTES),
                        request().packets(0).bytes(0).line(4).without(FlowRecord.NO_ACTION),
                        request().packets(0).bytes(0).line(5).without(FlowRecord.NO_ACTION))
                .get(0);

        assertThat(batch.duplicates).isEqualTo(1);
        assertThat(one.evidence()).extracting(RecordRef::line).doesNotContain(5L);
        assertThat(one.records()).isEqualTo(4);
    }

    @Test
    void aDuplicateMayHaveTheSameKeyFromOtherFields() {
        Batch batch = new Batch();

        batch.fold(request().degraded().line(1), request().line(2));

        assertThat(batch.duplicates).isEqualTo(1);
    }
}
