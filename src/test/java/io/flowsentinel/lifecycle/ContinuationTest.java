package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connections;
import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection that goes on from one that fell silent. */
class ContinuationTest {

    @Test
    void eachOfAChainNamesTheOneBeforeAndAllHaveTheRolesOfTheFirst() {
        List<Connection> chain = connections(
                answer().flags(2).at(0), request().flags(18).at(0), request().at(2_000), answer().at(4_000));

        assertThat(chain)
                .extracting(Connection::continuationOf)
                .containsExactly(null, chain.get(0).id(), chain.get(1).id());
        assertThat(chain)
                .extracting(one -> one.originator().endpoint())
                .containsExactly(Flow.SERVER, Flow.SERVER, Flow.SERVER);
        assertThat(chain)
                .extracting(Connection::chainId)
                .containsOnly(chain.get(0).id());
        assertThat(chain).extracting(Connection::chainStart).containsOnly(Flow.NOON);
        assertThat(chain).extracting(Connection::directionEvidence).containsOnly(DirectionEvidence.SYN);
        assertThat(chain).noneMatch(one -> one.has(Trait.MIDSTREAM));
    }

    @Test
    void aGuessIsHandedOnToo() {
        Flow lateRequest = Flow.flow(Flow.endpoint("10.0.0.1", 7), Flow.endpoint("10.0.0.2", 7));
        Flow lateAnswer = Flow.flow(Flow.endpoint("10.0.0.2", 7), Flow.endpoint("10.0.0.1", 7));

        List<Connection> both = connections(lateRequest.at(0), lateAnswer.at(2_000));

        assertThat(both).extracting(one -> one.originator().endpoint()).containsOnly(Flow.endpoint("10.0.0.1", 7));
        assertThat(both).extracting(Connection::directionEvidence).containsOnly(DirectionEvidence.NONE);
    }

    @Test
    void ownHandshakeFlagsProveOtherRoles() {
        List<Connection> both = connections(
                request().flags(2).at(0),
                answer().flags(18).at(0),
                answer().at(2_000),
                request().flags(18).at(2_001));

        Connection second = both.get(1);
        assertThat(second.continuationOf()).isEqualTo(both.get(0).id());
        assertThat(second.originator().endpoint()).isEqualTo(Flow.SERVER);
        assertThat(second.directionEvidence()).isEqualTo(DirectionEvidence.SYNACK);
    }

    @Test
    void everySilenceOfTcpIsGoneOnFrom() {
        assertThat(continuedAfter(EndReason.ATTEMPT_TIMEOUT, request().flags(2), request()))
                .isTrue();
        assertThat(continuedAfter(EndReason.HALF_CLOSE_TIMEOUT, request().flags(1), request()))
                .isTrue();
        assertThat(continuedAfter(EndReason.IDLE, request(), request())).isTrue();
        assertThat(continuedAfter(
                        EndReason.IDLE, request().withoutFlags(), request().withoutFlags()))
                .isTrue();
    }

    @Test
    void aCloseAndAnotherProtocolAreNot() {
        assertThat(continuedAfter(EndReason.CLOSED, request().flags(4), request()))
                .isFalse();
        assertThat(continuedAfter(
                        EndReason.IDLE,
                        request().protocol(FlowRecord.UDP),
                        request().protocol(FlowRecord.UDP)))
                .isFalse();
    }

    @Test
    void aRecordWithASynOrASynAckBeginsAnew() {
        assertThat(continuedAfter(EndReason.IDLE, request(), request().flags(2)))
                .isFalse();
        assertThat(continuedAfter(EndReason.IDLE, request(), answer().flags(18)))
                .isFalse();
    }

    private static boolean continuedAfter(EndReason reason, Flow before, Flow after) {
        List<Connection> both = connections(before.at(0), after.at(2_000));
        assertThat(both).hasSize(2);
        assertThat(both.get(0).endReason()).isEqualTo(reason);
        return both.get(1).continuationOf() != null;
    }
}
