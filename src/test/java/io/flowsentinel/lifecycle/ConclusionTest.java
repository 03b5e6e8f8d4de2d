package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Batch.connection;
import static io.flowsentinel.lifecycle.Flow.answer;
import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.RecordRef;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ConclusionTest {

    @Test
    void verdictsHoldInTheirOrder() {
        assertThat(verdict(request().flags(2))).isEqualTo(Verdict.ALLOWED);
        assertThat(verdict(answer().flags(18).rejected())).isEqualTo(Verdict.UNSOLICITED_REJECT);
        assertThat(verdict(answer().flags(18).rejected().egress())).isEqualTo(Verdict.DENIED_EGRESS);
        assertThat(verdict(answer().flags(4).rejected())).isEqualTo(Verdict.STALE_REJECT);
        assertThat(verdict(
                        request().flags(3), answer().flags(19), request().at(60).rejected()))
                .isEqualTo(Verdict.STALE_REJECT);
        assertThat(verdict(request().flags(2), request().flags(2).rejected())).isEqualTo(Verdict.MIXED);
        assertThat(verdict(
                        request().flags(2).during(0, 1),
                        answer().flags(18).rejected().during(61, 62)))
                .isEqualTo(Verdict.REPLY_DENIED);
        assertThat(verdict(
                        request().flags(2).during(0, 1),
                        answer().flags(18).rejected().during(62, 63)))
                .isEqualTo(Verdict.DENIED);
        assertThat(verdict(request().flags(2), request().flags(2).rejected().on("eni-2")))
                .isEqualTo(Verdict.DENIED_BY_DESTINATION);
        assertThat(verdict(request().flags(2).rejected().egress())).isEqualTo(Verdict.DENIED_EGRESS);
        assertThat(verdict(request().flags(2).rejected().ingress())).isEqualTo(Verdict.DENIED);
        assertThat(verdict(request().flags(2).rejected())).isEqualTo(Verdict.DENIED);
        assertThat(verdict(request().withoutFlags(), request().withoutFlags().rejected()))
                .isEqualTo(Verdict.MIXED);
    }

    private static Verdict verdict(Flow... flows) {
        return connection(flows).verdict();
    }

    @Test
    void rolesRestOnTheStrongestEvidence() {
        assertThat(connection(answer().flags(2)).directionEvidence()).isEqualTo(DirectionEvidence.SYN);
        assertThat(connection(answer().flags(2)).originator().endpoint()).isEqualTo(Flow.SERVER);
        assertThat(connection(request().flags(18)).originator().endpoint()).isEqualTo(Flow.SERVER);
        assertThat(connection(request().flags(18)).directionEvidence()).isEqualTo(DirectionEvidence.SYNACK);
        assertThat(connection(answer()).originator().endpoint()).isEqualTo(Flow.LAPTOP);
        assertThat(connection(answer()).directionEvidence()).isEqualTo(DirectionEvidence.PORT);
        assertThat(connection(answer().protocol(47)).originator().endpoint()).isEqualTo(Flow.SERVER);
        assertThat(connection(answer().protocol(47)).directionEvidence()).isEqualTo(DirectionEvidence.NONE);
        assertThat(connection(request().flags(2).rejected()).rolesKnown()).isTrue();
    }

    @Test
    void twoSynAcksAreASimultaneousOpen() {
        Connection one = connection(request().flags(18), answer().flags(18));

        assertThat(one.has(Trait.SIMULTANEOUS_OPEN)).isTrue();
        assertThat(one.state()).isEqualTo(ConnState.S1);
        assertThat(one.directionEvidence()).isEqualTo(DirectionEvidence.PORT);
        assertThat(connection(request().flags(2), answer().flags(18)).has(Trait.SIMULTANEOUS_OPEN))
                .isFalse();
        assertThat(connection(answer().flags(2), request().flags(18)).has(Trait.SIMULTANEOUS_OPEN))
                .isFalse();
    }

    @Test
    void withoutAnAcceptRecordTheRejectedFlagsCount() {
        Connection denied = connection(request().flags(2).rejected());
        Connection stale = connection(request().flags(1).rejected());

        assertThat(denied.state()).isEqualTo(ConnState.S0);
        assertThat(denied.originator().flags()).isEqualTo(2);
        assertThat(denied.responder().flags()).isEqualTo(Connection.Side.NO_RECORD);
        assertThat(stale.state()).isEqualTo(ConnState.OTH);
    }

    @Test
    void aSynAckAmongRejectedRecordsIsNoDeniedSyn() {
        Connection both =
                connection(request().flags(18).rejected(), answer().flags(18).rejected());

        assertThat(both.state()).isEqualTo(ConnState.OTH);
        assertThat(both.responder().flags()).isEqualTo(18);
    }

    @Test
    void aConnectionIsMidstreamOnlyWithoutASynInAnyRecord() {
        assertThat(connection(request(), answer().flags(1)).has(Trait.MIDSTREAM))
                .isTrue();
        assertThat(connection(request(), answer().flags(18)).has(Trait.MIDSTREAM))
                .isFalse();
        assertThat(connection(request(), request().flags(2).rejected()).has(Trait.MIDSTREAM))
                .isFalse();
        assertThat(connection(request().protocol(FlowRecord.UDP)).has(Trait.MIDSTREAM))
                .isFalse();
    }

    @Test
    void whatIsRejectedIsNoAnswerToUdp() {
        Flow request = request().protocol(FlowRecord.UDP);
        Flow denied = request().protocol(FlowRecord.UDP).rejected();
        Flow reply = answer().protocol(FlowRecord.UDP);
        Flow deniedReply = answer().protocol(FlowRecord.UDP).rejected();

        assertThat(connection(request, deniedReply).state()).isEqualTo(ConnState.S0);
        assertThat(connection(denied, deniedReply).state()).isEqualTo(ConnState.S0);
        assertThat(connection(denied).state()).isEqualTo(ConnState.S0);
        assertThat(connection(denied, reply).state()).isEqualTo(ConnState.SHR);
    }

    @Test
    void udpIsSfWhenBothSidesWereHeard() {
        Flow query = Flow.flow(Flow.LAPTOP, Flow.endpoint("10.0.0.2", 53)).protocol(FlowRecord.UDP);
        Flow reply = Flow.flow(Flow.endpoint("10.0.0.2", 53), Flow.LAPTOP).protocol(FlowRecord.UDP);

        assertThat(connection(query, reply).state()).isEqualTo(ConnState.SF);
        assertThat(connection(query).state()).isEqualTo(ConnState.S0);
        assertThat(connection(reply).state()).isEqualTo(ConnState.SHR);
    }

    @Test
    void moreThanAnAttemptWithoutAnAnswerIsOneSided() {
        assertThat(connection(request().flags(2).packets(8).bytes(320)).has(Trait.ONE_SIDED))
                .isTrue();
        assertThat(connection(request().flags(3).packets(2).bytes(201)).has(Trait.ONE_SIDED))
                .isTrue();
        assertThat(connection(request().flags(2).packets(7).bytes(700)).has(Trait.ONE_SIDED))
                .isFalse();
        assertThat(connection(request().flags(2).packets(8).rejected()).has(Trait.ONE_SIDED))
                .isFalse();
        assertThat(connection(request().flags(0).packets(8)).has(Trait.ONE_SIDED))
                .isFalse();
        assertThat(connection(request().flags(2).packets(8), answer()).has(Trait.ONE_SIDED))
                .isFalse();
        assertThat(connection(request().flags(2).packets(8), answer().rejected())
                        .has(Trait.ONE_SIDED))
                .isFalse();
    }

    @Test
    void aSynAckNobodyAskedForIsMarked() {
        assertThat(connection(answer().flags(18)).has(Trait.UNSOLICITED_SYNACK)).isTrue();
        assertThat(connection(answer().flags(18), request().flags(4)).has(Trait.UNSOLICITED_SYNACK))
                .isTrue();
        assertThat(connection(answer().flags(18), request()).has(Trait.UNSOLICITED_SYNACK))
                .isFalse();
        assertThat(connection(answer().flags(19)).has(Trait.UNSOLICITED_SYNACK)).isFalse();
        assertThat(connection(answer().flags(18).rejected()).has(Trait.UNSOLICITED_SYNACK))
                .isFalse();
    }

    @Test
    void eachDirectionIsCountedAtOneInterface() {
        Connection one = connection(
                request().flags(2).on("eni-3").packets(99).plain("10.9.9.9", "10.0.0.2"),
                request().flags(2).on("eni-2").packets(10).bytes(1000),
                request().flags(2).on("eni-1").packets(6).bytes(600),
                request().flags(2).on("eni-1").packets(4).bytes(401).rejected());

        assertThat(one.originator().packets()).isEqualTo(10);
        assertThat(one.originator().bytes()).isEqualTo(1001);
    }

    @Test
    void whatAwsAddsGoesToTheSideItIsAbout() {
        Connection one = connection(
                answer().flags(18).ingress().annotated(new Annotations(-1, null, "S3", null)),
                request().flags(2).egress().annotated(new Annotations(8, null, null, "S3")));
        Connection denied = connection(request().flags(2).rejected().annotated(new Annotations(-1, "BPA", null, null)));

        assertThat(one.trafficPath()).isEqualTo(8);
        assertThat(one.responder().service()).isEqualTo("S3");
        assertThat(one.originator().service()).isNull();
        assertThat(denied.rejectReason()).isEqualTo("BPA");
    }

    @Test
    void theEvidenceIsTheFirstTwoRecordsOfTheFold() {
        Connection one = connection(
                request().at(2).line(1),
                request().at(1).line(2),
                request().flags(2).at(1).line(3));

        assertThat(one.evidence()).extracting(RecordRef::line).containsExactly(3L, 2L);
    }

    @Test
    void theTrafficPathIsThatOfTheOriginatorsOwnWayOut() {
        assertThat(connection(
                                request()
                                        .on("eni-1")
                                        .egress()
                                        .plain("10.0.9.9", "10.0.0.2")
                                        .annotated(path(3)),
                                request().on("eni-2").egress().annotated(path(8)),
                                answer().on("eni-2").egress().annotated(path(5)))
                        .trafficPath())
                .isEqualTo(8);
        assertThat(connection(
                                request().ingress().annotated(path(4)),
                                answer().egress().annotated(path(5)))
                        .trafficPath())
                .isEqualTo(Annotations.NO_PATH);
    }

    private static Annotations path(int trafficPath) {
        return new Annotations(trafficPath, null, null, null);
    }

    @Test
    void anInterfaceThatForwardsIsNobodysOwn() {
        Connection one = connection(
                request().egress().plain("10.0.9.9", "10.0.0.2"),
                answer().egress().on("eni-2"));

        assertThat(one.originator().observer()).isNull();
        assertThat(one.responder().observer()).isEqualTo(Flow.observer("eni-2"));
    }

    @Test
    void theIdIsAHashOfKeyStartAndSplit() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write("vpc-1".getBytes(StandardCharsets.UTF_8));
            out.write(new byte[] {0, 6, 10, 0, 0, 1});
            out.writeShort(40001);
            out.write(new byte[] {10, 0, 0, 2});
            out.writeShort(443);
            out.writeLong(Flow.NOON);
            out.writeInt(0);
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());

        String id = connection(answer().flags(18), request().flags(2)).id();

        assertThat(id).isEqualTo(HexFormat.of().formatHex(Arrays.copyOf(hash, 16)));
    }

    @Test
    void theSplitIsTheEndOfWhatIsHashed() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write("vpc-1".getBytes(StandardCharsets.UTF_8));
            out.write(new byte[] {0, (byte) 132, 10, 0, 0, 1});
            out.writeShort(40001);
            out.write(new byte[] {10, 0, 0, 2});
            out.writeShort(443);
            out.writeLong(Flow.NOON);
            out.writeInt(258);
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());

        String id = ConnectionId.of(request().protocol(FlowRecord.SCTP).record().key(), Flow.NOON, 258)
                .text();

        assertThat(id).isEqualTo(HexFormat.of().formatHex(Arrays.copyOf(hash, 16)));
    }

    @Test
    void theIdOfAnIpv6ConnectionHasSixteenByteAddresses() throws Exception {
        Endpoint low = new Endpoint(IpAddress.ipv6(0x20010db8_00000000L, 1), 50000);
        Endpoint high = new Endpoint(IpAddress.ipv6(0x20010db8_00000000L, 2), 22);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write("vpc-1".getBytes(StandardCharsets.UTF_8));
            out.write(new byte[] {0, 6});
            out.write(low.address().bytes());
            out.writeShort(50000);
            out.write(high.address().bytes());
            out.writeShort(22);
            out.writeLong(Flow.NOON);
            out.writeInt(0);
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());

        String id = connection(Flow.flow(high, low)).id();

        assertThat(id).isEqualTo(HexFormat.of().formatHex(Arrays.copyOf(hash, 16)));
    }
}
