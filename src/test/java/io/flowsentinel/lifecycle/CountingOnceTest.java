package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connection;
import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.TcpFlags;
import org.junit.jupiter.api.Test;

/** The same packets at several interfaces. */
class CountingOnceTest {

    @Test
    void anObservationIsOfOneInterfaceDirectionAndAction() {
        Connection one = connection(
                request().flags(2).egress().packets(1).bytes(40).during(10, 20),
                request().egress().packets(2).bytes(90).during(15, 80),
                request().flags(1).egress().packets(4).bytes(11).during(16, 18),
                request().flags(2).rejected().packets(7).during(8, 30),
                answer().flags(18).ingress().packets(3).during(9, 20),
                request().flags(2).on("eni-0").packets(6).during(10, 20));

        assertThat(one.observations())
                .extracting(
                        observation -> observation.observer().interfaceId(),
                        Observation::fromOriginator,
                        Observation::action)
                .containsExactly(
                        tuple("eni-0", true, Action.ACCEPT),
                        tuple("eni-1", true, Action.ACCEPT),
                        tuple("eni-1", true, Action.REJECT),
                        tuple("eni-1", false, Action.ACCEPT));
        assertThat(one.observations().get(1))
                .isEqualTo(new Observation(
                        Flow.observer("eni-1"),
                        true,
                        Action.ACCEPT,
                        FlowDirection.EGRESS,
                        true,
                        3,
                        7,
                        141,
                        Flow.NOON + 10,
                        Flow.NOON + 80,
                        3));
    }

    @Test
    void theFlagsOfADirectionAreThoseOfAllInterfaces() {
        Connection one =
                connection(request().flags(2).on("eni-1"), request().flags(1).on("eni-2"), answer().flags(19));

        assertThat(one.originator().flags()).isEqualTo(3);
        assertThat(one.state()).isEqualTo(ConnState.SF);
    }

    @Test
    void anAckCountsOnlyBesideASynOfItsOwnRecord() {
        Connection one = connection(request().flags(2 + 8 + 32), request().flags(16 + 8 + 32), answer().flags(18));

        assertThat(one.originator().flags()).isEqualTo(TcpFlags.SYN);
        assertThat(one.state()).isEqualTo(ConnState.S1);
    }

    @Test
    void theInterfaceWithMostPacketsCountsAndOfEqualOnesTheSmallerId() {
        Connection most = connection(
                request().on("eni-1").packets(4).bytes(9_000),
                request().on("eni-2").packets(5).bytes(800),
                request().on("eni-3").packets(5).bytes(700));

        assertThat(most.originator().packets()).isEqualTo(5);
        assertThat(most.originator().bytes()).isEqualTo(800);
    }

    @Test
    void anEndpointsOwnInterfaceCountsBeforeOneThatForwards() {
        Connection source = connection(
                request().on("eni-1").packets(9).plain("10.0.9.9", "10.0.0.2"),
                request().on("eni-2").packets(1));
        Connection destination = connection(
                request().on("eni-1").packets(9).plain("10.0.0.1", "10.0.9.9"),
                request().on("eni-2").packets(1));

        assertThat(source.originator().packets()).isEqualTo(1);
        assertThat(destination.originator().packets()).isEqualTo(1);
    }

    @Test
    void theDirectionsAreCountedApart() {
        Connection one = connection(
                request().on("eni-1").packets(9),
                request().on("eni-2").packets(8),
                answer().on("eni-1").packets(1),
                answer().on("eni-2").packets(2));

        assertThat(one.originator().packets()).isEqualTo(9);
        assertThat(one.responder().packets()).isEqualTo(2);
    }

    @Test
    void aTransitGatewayGivesVolumesAndPairsOnly() {
        Connection one = connection(
                request().withoutFlags().on("tgw-attach-1").ingress().packets(3).degraded(),
                answer().withoutFlags().on("tgw-attach-2").ingress().packets(2).degraded());

        assertThat(one.state()).isEqualTo(ConnState.OTH);
        assertThat(one.verdict()).isEqualTo(Verdict.ALLOWED);
        assertThat(one.has(Trait.FLAGS_PRESENT)).isFalse();
        assertThat(one.has(Trait.DEGRADED_KEY)).isTrue();
        assertThat(one.originator().packets()).isEqualTo(3);
        assertThat(one.originator().observer()).isNull();
        assertThat(one.observations()).extracting(Observation::own).containsOnly(false);
    }

    @Test
    void countsThatDoNotFitAreTheLargestThatDoes() {
        Connection one = Batch.connection(
                Flow.request().bytes(Long.MAX_VALUE),
                Flow.request().at(60).bytes(1),
                Flow.request().at(60).rejected().bytes(Long.MAX_VALUE));

        assertThat(one.originator().bytes()).isEqualTo(Long.MAX_VALUE);
    }
}
