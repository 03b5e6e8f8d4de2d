package io.flowsentinel.serde;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.OpenAge;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.QuarantinedLine;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.model.TcpFlags;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NounRoundTripTest {

    private static final Observer OBSERVER = new Observer(
            "vpc-1", "eni-1", "012345678901", "eu-west-1", null, "vpc-1", "subnet-1", null, null, "subnet-1");
    private static final RecordRef REF = new RecordRef("s3://logs/AWSLogs/a.log.gz", 70_000);
    private static final RulesChange CHANGE = new RulesChange(
            -5, "0123456789ab", List.of(new OpenAge(600, List.of(22, 3_389)), OpenAge.ofAll(14_400)), new byte[] {1, -2
            });
    private static final IpAddress V4 = IpAddress.ipv4(0x0a000001);
    private static final IpAddress OTHER_V4 = IpAddress.ipv4(0xc0a80001);
    private static final IpAddress V6 = IpAddress.ipv6(0x20010db800000000L, -1L);

    @ParameterizedTest
    @MethodSource
    void comesBackEqual(Object noun, TypeInformation<Object> type) throws IOException {
        TypeSerializer<Object> serializer = type.createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(64);

        serializer.serialize(noun, out);

        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        assertThat(serializer.duplicate().deserialize(in)).isEqualTo(noun);
        assertThat(in.available()).isZero();
    }

    static Stream<Arguments> comesBackEqual() {
        FlowRecord plain = flow(V4, OTHER_V4, V4, OTHER_V4, TcpFlags.SYN_ACK, Annotations.NONE);
        CoverageRecord coverage = new CoverageRecord(OBSERVER, CoverageRecord.Status.SKIPDATA, 10, 70, REF);
        QuarantinedLine quarantined = new QuarantinedLine("file:/x", 0, "", "unexpected end of gzip", 1000);
        LateRecord late = new LateRecord(REF, "2 \u00ff", 17_000);
        Accounts accounts = Accounts.of(Accounts.LINES_READ, 12).plus(Accounts.of("alerts_by_rule.port-scan", 1));
        return Stream.of(
                Arguments.of(plain, Nouns.FLOW_RECORD),
                Arguments.of(
                        flow(V6, V6, null, V6, TcpFlags.ABSENT, new Annotations(255, "BPA", null, "S3")),
                        Nouns.FLOW_RECORD),
                Arguments.of(flow(V4, V4, OTHER_V4, null, 0, Annotations.NONE), Nouns.FLOW_RECORD),
                Arguments.of(coverage, Nouns.COVERAGE_RECORD),
                Arguments.of(quarantined, Nouns.QUARANTINED_LINE),
                Arguments.of(late, Nouns.LATE_RECORD),
                Arguments.of(accounts, Nouns.ACCOUNTS),
                Arguments.of(ParsedLine.of(plain), Nouns.PARSED_LINE),
                Arguments.of(ParsedLine.of(coverage), Nouns.PARSED_LINE),
                Arguments.of(ParsedLine.of(quarantined), Nouns.PARSED_LINE),
                Arguments.of(ParsedLine.of(late), Nouns.PARSED_LINE),
                Arguments.of(ParsedLine.of(accounts), Nouns.PARSED_LINE),
                Arguments.of(connection(), Nouns.CONNECTION),
                Arguments.of(connection(), Nouns.LIFECYCLE_EVENT),
                Arguments.of(new FoldedRecord(plain, true, false, 90), Nouns.LIFECYCLE_EVENT),
                Arguments.of(CHANGE, Nouns.LIFECYCLE_EVENT),
                Arguments.of(coverage, Nouns.NOTICE),
                Arguments.of(CHANGE, Nouns.NOTICE),
                Arguments.of(CHANGE, Nouns.RULES_CHANGE),
                Arguments.of(alert(), Nouns.ALERT));
    }

    @Test
    void handsOutTheSameObserverAgain() throws IOException {
        TypeSerializer<FlowRecord> serializer = new FlowRecordSerializer();
        DataOutputSerializer out = new DataOutputSerializer(64);
        FlowRecord flow = flow(V4, OTHER_V4, V4, OTHER_V4, 2, Annotations.NONE);
        serializer.serialize(flow, out);
        serializer.serialize(flow, out);

        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        FlowRecord first = serializer.deserialize(in);
        FlowRecord second = serializer.deserialize(in);

        assertThat(second.observer()).isSameAs(first.observer());
        assertThat(second.ref().object()).isSameAs(first.ref().object());
    }

    private static FlowRecord flow(
            IpAddress source,
            IpAddress destination,
            IpAddress plainSource,
            IpAddress plainDestination,
            int flags,
            Annotations annotations) {
        return new FlowRecord(
                OBSERVER,
                FlowRecord.TCP,
                new Endpoint(source, 65535),
                new Endpoint(destination, 22),
                plainSource,
                plainDestination,
                Action.REJECT,
                FlowDirection.EGRESS,
                flags,
                3,
                1L << 40,
                1_700_000_000,
                1_700_000_060,
                annotations,
                FlowRecord.DEGRADED | FlowRecord.NO_BYTES,
                REF);
    }

    private static Connection connection() {
        Connection.Side silent = new Connection.Side(
                new Endpoint(V6, 443), 0, 0, Connection.Side.NO_RECORD, null, "S3", List.of(V6, V4));
        return new Connection(
                Connection.Event.CLOSE,
                ConnectionId.of("00ff"),
                "vpc-1",
                FlowRecord.TCP,
                new Connection.Side(new Endpoint(V6, 40000), 9, 1000, 3, OBSERVER, null, List.of()),
                silent,
                100,
                160,
                Connection.ConnState.S0,
                Connection.Verdict.DENIED,
                "BPA",
                Connection.DirectionEvidence.SYN,
                Connection.EndReason.ATTEMPT_TIMEOUT,
                Connection.Trait.FLAGS_PRESENT.bit() | Connection.Trait.ONE_SIDED.bit(),
                1,
                2,
                List.of(new Connection.Observation(
                        OBSERVER, true, Action.REJECT, FlowDirection.INGRESS, true, -1, 9, 1000, 100, 160, 2)),
                Annotations.NO_PATH,
                new Connection.Continuation("00fe", "00fd", 40),
                400,
                List.of(REF));
    }

    private static Alert alert() {
        return new Alert(
                Alert.Activity.CREATE,
                new Alert.Rule(
                        "port-scan",
                        1,
                        "Port scan",
                        "d",
                        Alert.Confidence.HIGH,
                        "r",
                        List.of(new Alert.Technique("T1046", "Network Service Discovery", "17"))),
                "f1",
                null,
                List.of(new Alert.EntityField("originator", "198.51.100.7")),
                "t",
                "m",
                Alert.Severity.MEDIUM,
                Alert.Status.NEW,
                4,
                1,
                2,
                31,
                Map.of("ports", 31L),
                Map.of("external", 25.0),
                "abc",
                List.of(new Alert.Evidence(
                        "00ff",
                        "vpc-1",
                        new Alert.Party(new Endpoint(V4, 1), true, 3, 180, "eni-1", "i-1"),
                        new Alert.Party(new Endpoint(OTHER_V4, 2), false, 2, 120, null, null),
                        6,
                        Connection.ConnState.REJ,
                        Connection.Verdict.ALLOWED,
                        7,
                        9)),
                List.of(REF),
                true,
                new Alert.Anomaly("bytes per hour", "9 GB", "at most 1 GB"),
                5,
                Map.of("list", "c2"),
                "dry-run");
    }
}
