package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connection;
import static io.flowsentinel.lifecycle.Batch.connections;
import static io.flowsentinel.lifecycle.Flow.endpoint;
import static io.flowsentinel.lifecycle.Flow.flow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

/** AWS's published records. */
class GoldenCasesTest {

    private static final Endpoint CALLER = endpoint("52.213.180.42", 43418);
    private static final Endpoint PORT_5001 = endpoint("10.0.0.62", 5001);

    @Test
    void aConnectionOverTwoWindowsIsOneWithTheSumOfBoth() {
        Connection one = connection(
                flow(CALLER, PORT_5001)
                        .flags(2)
                        .epoch(1566848875, 1566848933)
                        .packets(70)
                        .bytes(100701),
                flow(PORT_5001, CALLER)
                        .flags(18)
                        .epoch(1566848875, 1566848933)
                        .packets(12)
                        .bytes(632),
                flow(PORT_5001, CALLER)
                        .flags(1)
                        .epoch(1566848933, 1566849113)
                        .packets(1219)
                        .bytes(63388),
                flow(CALLER, PORT_5001)
                        .flags(1)
                        .epoch(1566848933, 1566849113)
                        .packets(15774)
                        .bytes(23294588));

        assertThat(one.state()).isEqualTo(ConnState.SF);
        assertThat(one.start()).isEqualTo(1566848875);
        assertThat(one.end()).isEqualTo(1566849113);
        assertThat(one.originator().endpoint()).isEqualTo(CALLER);
        assertThat(one.originator().bytes()).isEqualTo(23_395_289);
        assertThat(one.responder().bytes()).isEqualTo(64_020);
        assertThat(one.verdict()).isEqualTo(Verdict.ALLOWED);
    }

    @Test
    void anEstablishedConnectionThatFallsSilentIsS1() {
        Endpoint caller = endpoint("52.213.180.42", 43416);

        Connection one = connection(
                flow(caller, PORT_5001).flags(2).epoch(1566848875, 1566848933),
                flow(PORT_5001, caller).flags(18).epoch(1566848875, 1566848933));

        assertThat(one.state()).isEqualTo(ConnState.S1);
        assertThat(one.endReason()).isEqualTo(Connection.EndReason.IDLE);
    }

    @Test
    void aConnectionInOneWindowIsSf() {
        Endpoint caller = endpoint("52.213.180.42", 43638);

        Connection one = connection(
                flow(caller, PORT_5001).flags(3).epoch(1566933133, 1566933193),
                flow(PORT_5001, caller).flags(19).epoch(1566933133, 1566933193));

        assertThat(one.state()).isEqualTo(ConnState.SF);
        assertThat(one.endReason()).isEqualTo(Connection.EndReason.CLOSED);
    }

    @Test
    void twoGatewayInterfacesShowOneConnectionByPacketAddresses() {
        Endpoint caller = endpoint("10.20.33.164", 39812);
        Endpoint web = endpoint("10.40.2.236", 80);

        Connection one = connection(
                flow(caller, web).flags(3).on("eni-11").plain("10.40.1.175", "10.40.2.236"),
                flow(web, caller).flags(19).on("eni-22").plain("10.40.2.236", "10.40.2.31"));

        assertThat(one.state()).isEqualTo(ConnState.SF);
        assertThat(one.originator().intermediates()).containsExactly(Flow.ipv4("10.40.1.175"), Flow.ipv4("10.40.2.31"));
        assertThat(one.responder().intermediates()).isEmpty();
        assertThat(one.has(Trait.DEGRADED_KEY)).isFalse();
    }

    @Test
    void withoutPacketAddressesTheSameAreTwoDegradedHalves() {
        Endpoint web = endpoint("10.40.2.236", 80);

        List<Connection> halves = connections(
                flow(endpoint("10.40.1.175", 39812), web).flags(3).on("eni-11").degraded(),
                flow(web, endpoint("10.40.2.31", 39812)).flags(19).on("eni-22").degraded());

        assertThat(halves).extracting(Connection::state).containsExactlyInAnyOrder(ConnState.SH, ConnState.SHR);
        assertThat(halves).allMatch(one -> one.has(Trait.DEGRADED_KEY));
    }

    @Test
    void theOriginatorOfTheS3CallIsInTheSecondLine() {
        Endpoint instance = endpoint("10.0.0.71", 34210);
        Endpoint s3 = endpoint("52.95.128.179", 80);

        Connection one = connection(
                flow(s3, instance).flags(19).ingress(),
                flow(instance, s3).flags(3).egress());

        assertThat(one.state()).isEqualTo(ConnState.SF);
        assertThat(one.originator().endpoint()).isEqualTo(instance);
        assertThat(one.originator().observer()).isEqualTo(Flow.observer("eni-1"));
        assertThat(one.responder().observer()).isNull();
    }

    @Test
    void theLaptopOpenedSshAlthoughTheServersLineComesFirst() {
        Endpoint laptop = endpoint("90.90.0.200", 62897);
        Endpoint server = endpoint("172.31.22.145", 22);

        Connection one = connection(
                flow(server, laptop).flags(18).line(1),
                flow(laptop, server).flags(2).line(2));

        assertThat(one.state()).isEqualTo(ConnState.S1);
        assertThat(one.originator().endpoint()).isEqualTo(laptop);
        assertThat(one.directionEvidence()).isEqualTo(DirectionEvidence.SYN);
    }

    @Test
    void thePingIsOneConnectionWithItsReplyDenied() {
        Endpoint home = endpoint("203.0.113.12", 0);
        Endpoint instance = endpoint("172.31.16.139", 0);

        Connection one = connection(
                flow(home, instance).protocol(FlowRecord.ICMP).withoutFlags().epoch(1432917027, 1432917142),
                flow(instance, home)
                        .protocol(FlowRecord.ICMP)
                        .withoutFlags()
                        .epoch(1432917094, 1432917142)
                        .rejected());

        assertThat(one.verdict()).isEqualTo(Verdict.REPLY_DENIED);
        assertThat(one.state()).isEqualTo(ConnState.OTH);
        assertThat(one.directionEvidence()).isEqualTo(DirectionEvidence.NONE);
    }

    @Test
    void theRejectedRdpRecordIsDeniedWithFlagsAbsent() {
        Connection one = connection(flow(endpoint("172.31.9.69", 49761), endpoint("172.31.9.12", 3389))
                .withoutFlags()
                .rejected());

        assertThat(one.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(one.has(Trait.FLAGS_PRESENT)).isFalse();
        assertThat(one.state()).isEqualTo(ConnState.OTH);
    }

    @Test
    void theNatGatewayShowsAnInnerAndATranslatedPair() {
        Endpoint instance = endpoint("10.0.1.5", 40000);
        Endpoint gateway = endpoint("10.0.0.220", 1024);
        Endpoint host = endpoint("203.0.113.5", 443);

        List<Connection> pairs = connections(
                flow(instance, host).flags(3).on("eni-9").packets(10),
                flow(host, instance).flags(19).on("eni-9").packets(8),
                flow(instance, host)
                        .flags(3)
                        .on("eni-2")
                        .plain("10.0.1.5", "10.0.0.220")
                        .packets(11),
                flow(gateway, host).flags(3).on("eni-2").packets(11),
                flow(host, gateway).flags(19).on("eni-2").packets(8),
                flow(host, instance)
                        .flags(19)
                        .on("eni-2")
                        .plain("10.0.0.220", "10.0.1.5")
                        .packets(9));

        assertThat(pairs).hasSize(2).allMatch(one -> one.state() == ConnState.SF);
        assertThat(pairs)
                .filteredOn(one -> one.originator().endpoint().equals(instance))
                .singleElement()
                .satisfies(inner -> {
                    assertThat(inner.originator().packets()).isEqualTo(10);
                    assertThat(inner.responder().packets()).isEqualTo(8);
                    assertThat(inner.records()).isEqualTo(4);
                    assertThat(inner.originator().intermediates()).isEmpty();
                    assertThat(inner.responder().intermediates()).containsExactly(Flow.ipv4("10.0.0.220"));
                });
    }
}
