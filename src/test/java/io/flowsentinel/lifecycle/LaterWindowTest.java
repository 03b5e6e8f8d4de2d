package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connections;
import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Trait;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a SYN is another connection's. Every case is asked at the last second that belongs and at the next one. */
class LaterWindowTest {

    private static final Flow[] ESTABLISHED = {request().flags(2), answer().flags(18)};

    @Test
    void theReferenceIsTheOwnInterfacesLastSynInTheDirectionWhateverItLoggedSince() {
        Flow[] before = {
            request().flags(2), answer().flags(18).during(0, 90), request().during(60, 120)
        };

        assertBeginsAnother(before, request().flags(2), 61, EndReason.TCP_REUSE);
    }

    @Test
    void withoutASynInTheDirectionItIsTheOwnInterfacesLastRecordThere() {
        Flow[] before = {answer().flags(18), request().during(0, 90)};

        assertBeginsAnother(before, request().flags(2), 91, EndReason.TCP_REUSE);
    }

    @Test
    void withoutARecordInTheDirectionItIsTheOwnInterfacesLastSynInTheOther() {
        Flow[] before = {answer().flags(18), answer().during(60, 120)};

        assertBeginsAnother(before, request().flags(2), 61, EndReason.TCP_REUSE);
    }

    @Test
    void afterACloseTheRecordThatCompletedItMustBeOverToo() {
        Flow[] before = {
            request().flags(2),
            answer().flags(18),
            request().flags(1).at(60),
            answer().flags(1).during(60, 110)
        };

        assertBeginsAnother(before, request().flags(2), 121, EndReason.CLOSED);
        assertBeginsAnother(before, answer().flags(18), 121, EndReason.CLOSED);
    }

    @Test
    void whatFollowsACompleteCloseDoesNotPutItOff() {
        Flow[] before = {
            request().flags(3), answer().flags(19), request().flags(5).during(60, 110)
        };

        assertBeginsAnother(before, request().flags(2), 61, EndReason.CLOSED);
    }

    @Test
    void afterACloseTheOwnSynMustBeOverToo() {
        Flow[] before = {request().flags(2).during(0, 100), answer().flags(4)};

        assertBeginsAnother(before, request().flags(2), 101, EndReason.CLOSED);
    }

    @Test
    void anInterfaceNeverSeenShowsTheSameSynsForAMinuteAfterTheLastOne() {
        Flow[] before = {ESTABLISHED[0], ESTABLISHED[1], request().at(60)};

        assertBeginsAnother(before, request().flags(2).on("eni-2"), 121, EndReason.TCP_REUSE);
        assertBeginsAnother(before, answer().flags(2).on("eni-2"), 121, EndReason.TCP_REUSE);
    }

    @Test
    void anInterfaceThatLoggedOnlyDataOfTheOtherDirectionCountsAsNeverSeen() {
        Flow[] before = {ESTABLISHED[0], ESTABLISHED[1], answer().on("eni-2")};

        assertBeginsAnother(before, request().flags(2).on("eni-2"), 121, EndReason.TCP_REUSE);
    }

    @Test
    void anInterfaceNeverSeenShowsTheSameSynsForAMinuteAfterTheCloseEvidence() {
        Flow[] before = {
            ESTABLISHED[0],
            ESTABLISHED[1],
            request().flags(1).at(60),
            answer().flags(1).at(60)
        };

        assertBeginsAnother(before, request().flags(2).on("eni-2"), 181, EndReason.CLOSED);
    }

    @Test
    void whereNoSynWasSeenTheMinuteCountsFromTheLastRecord() {
        Flow[] before = {request(), answer().during(0, 50)};

        assertBeginsAnother(before, request().flags(2).on("eni-2"), 121, EndReason.TCP_REUSE);
    }

    @Test
    void aSynOfTheOtherSideAtAnotherInterfaceCrossesForAMinute() {
        Flow[] before = {request().flags(2)};
        Flow crossing = answer().flags(2).on("eni-2");

        assertBeginsAnother(before, crossing, 121, EndReason.NEW_ATTEMPT);
        assertThat(connections(with(before, crossing, 120))).allMatch(one -> one.has(Trait.CROSSED_SYN));
    }

    /** The record begins another connection from that second on, and belongs the second before. */
    private static void assertBeginsAnother(Flow[] before, Flow next, long second, EndReason reason) {
        List<Connection> one = connections(with(before, next, second - 1));
        List<Connection> two = connections(with(before, next, second));

        assertThat(one).extracting(Connection::records).containsExactly(before.length + 1);
        assertThat(two).hasSize(2);
        assertThat(two.get(0).endReason()).isEqualTo(reason);
        assertThat(two.get(1).start()).isEqualTo(Flow.NOON + second);
    }

    private static Flow[] with(Flow[] before, Flow next, long second) {
        return Stream.concat(Arrays.stream(before), Stream.of(next.at(second))).toArray(Flow[]::new);
    }
}
