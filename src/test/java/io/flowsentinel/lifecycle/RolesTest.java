package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connection;
import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.endpoint;
import static io.flowsentinel.lifecycle.Flow.flow;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolesTest {

    private static final Endpoint LOW_PORT = endpoint("10.0.0.1", 53);
    private static final Endpoint HIGH_PORT = endpoint("10.0.0.2", 40053);

    @ParameterizedTest
    @ValueSource(ints = {FlowRecord.TCP, FlowRecord.UDP, FlowRecord.SCTP})
    void theLowerPortResponds(int protocol) {
        Connection fromHigh = connection(flow(HIGH_PORT, LOW_PORT).protocol(protocol));
        Connection fromLow = connection(flow(LOW_PORT, HIGH_PORT).protocol(protocol));

        assertRoles(fromHigh, HIGH_PORT, DirectionEvidence.PORT);
        assertRoles(fromLow, HIGH_PORT, DirectionEvidence.PORT);
    }

    @ParameterizedTest
    @ValueSource(ints = {FlowRecord.ICMP, FlowRecord.ICMPV6, 47, 50})
    void whatHasNoPortsIsNotJudgedByThem(int protocol) {
        Connection fromLow = connection(flow(LOW_PORT, HIGH_PORT).protocol(protocol));
        Connection fromHigh = connection(flow(HIGH_PORT, LOW_PORT).protocol(protocol));

        assertRoles(fromLow, LOW_PORT, DirectionEvidence.NONE);
        assertRoles(fromHigh, HIGH_PORT, DirectionEvidence.NONE);
    }

    @Test
    void betweenEqualPortsTheSourceOfTheFirstRecordIsPutFirst() {
        Endpoint one = endpoint("10.0.0.1", 123);
        Endpoint other = endpoint("10.0.0.2", 123);

        Connection connection = connection(
                flow(one, other).protocol(FlowRecord.UDP).during(1, 60),
                flow(other, one).protocol(FlowRecord.UDP).during(0, 60));

        assertRoles(connection, other, DirectionEvidence.NONE);
    }

    @Test
    void aSynOutranksASynAckAndBothOutrankThePorts() {
        assertRoles(connection(answer().flags(2), request().flags(18)), Flow.SERVER, DirectionEvidence.SYN);
        assertRoles(connection(request().flags(18), answer()), Flow.SERVER, DirectionEvidence.SYNACK);
        assertRoles(connection(answer().flags(18), request()), Flow.LAPTOP, DirectionEvidence.SYNACK);
    }

    @Test
    void flagsOfRejectedRecordsCountBesideThoseOfAcceptedOnes() {
        assertRoles(connection(answer().flags(2).rejected(), answer()), Flow.SERVER, DirectionEvidence.SYN);
        assertRoles(connection(request().flags(18).rejected(), request()), Flow.SERVER, DirectionEvidence.SYNACK);
    }

    @Test
    void twoCrossedSynsProveNothing() {
        assertRoles(connection(request().flags(2), answer().flags(2)), Flow.LAPTOP, DirectionEvidence.PORT);
    }

    @Test
    void flagsOfAnotherProtocolMeanNothing() {
        Connection one = connection(
                udp(answer().flags(2)),
                udp(request().flags(18)),
                udp(answer().flags(2)).at(61),
                udp(request().flags(2)).at(61));

        assertRoles(one, Flow.LAPTOP, DirectionEvidence.PORT);
        assertThat(one.synRecords()).isZero();
        assertThat(connection(udp(request().flags(18)), udp(answer().flags(18))).has(Trait.SIMULTANEOUS_OPEN))
                .isFalse();
    }

    private static Flow udp(Flow flow) {
        return flow.protocol(FlowRecord.UDP);
    }

    private static void assertRoles(Connection connection, Endpoint originator, DirectionEvidence evidence) {
        assertThat(connection.originator().endpoint()).isEqualTo(originator);
        assertThat(connection.directionEvidence()).isEqualTo(evidence);
    }
}
