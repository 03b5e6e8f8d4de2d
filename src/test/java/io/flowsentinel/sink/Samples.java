package io.flowsentinel.sink;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Event;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.model.ConnectionId;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Connections and alerts as the other stages hand them over. */
final class Samples {

    static final InternalNetworks TEN = address -> !address.ipv6() && address.low() >>> 24 == 10;

    static final String CONNECTION_ID = "0123456789abcdef0123456789abcdef";
    static final IpAddress LAPTOP = IpAddress.ipv4(0x34d5b42a);
    static final IpAddress SERVER = IpAddress.ipv4(0x0a00003e);
    static final RecordRef RECORD = new RecordRef(
            "s3://logs/AWSLogs/123456789010/vpcflowlogs/eu-west-1/2019/08/26/"
                    + "123456789010_vpcflowlogs_eu-west-1_fl-1234abcd_20190826T1945Z_0123abcd.log.gz",
            2);

    private static final long START = 1_566_848_875;
    private static final long END = 1_566_849_113;

    private Samples() {}

    static Observer observer(String interfaceId) {
        return new Observer(
                "vpc-1",
                interfaceId,
                "123456789010",
                "eu-west-1",
                "euw1-az2",
                "vpc-1",
                "subnet-1",
                "i-0",
                null,
                "subnet-1");
    }

    /** The connection of the AWS guide's first example: one SF over two windows, seen by the server's interface. */
    static ConnectionBuilder connection() {
        return new ConnectionBuilder();
    }

    /** The Create of a port scan. */
    static Alert alert() {
        return alert(Activity.CREATE, null);
    }

    static Alert alert(Activity activity, String suppressedBy) {
        return alert(activity, suppressedBy, "00000000000000000000000000000abc");
    }

    static Alert alert(Activity activity, String suppressedBy, String findingId) {
        return alert(
                activity,
                suppressedBy,
                findingId,
                List.of(
                        new Alert.EntityField("originator", "52.213.180.42"),
                        new Alert.EntityField("responder", "10.0.0.62"),
                        new Alert.EntityField("port", "22"),
                        new Alert.EntityField("protocol", "6")),
                List.of(evidence(
                        new Alert.Party(new Endpoint(LAPTOP, 43418), false, 3, 180, null, null),
                        new Alert.Party(new Endpoint(SERVER, 22), true, 0, 0, "eni-1", "i-1"))));
    }

    /** The Create of a finding about somebody else. */
    static Alert alert(Alert.EntityField about, Alert.Evidence... connections) {
        return alert(Activity.CREATE, null, "00000000000000000000000000000abc", List.of(about), List.of(connections));
    }

    static Alert.Evidence evidence(Alert.Party originator, Alert.Party responder) {
        return new Alert.Evidence(
                CONNECTION_ID,
                "vpc-1",
                originator,
                responder,
                FlowRecord.TCP,
                ConnState.S0,
                Verdict.DENIED,
                START,
                START + 62);
    }

    private static Alert alert(
            Activity activity,
            String suppressedBy,
            String findingId,
            List<Alert.EntityField> entity,
            List<Alert.Evidence> connections) {
        return new Alert(
                activity,
                new Alert.Rule(
                        "port-scan",
                        1,
                        "Port scan",
                        "One originator failed on many ports of one responder.",
                        Alert.Confidence.MEDIUM,
                        "Look at what the originator reached afterwards.",
                        List.of(
                                new Alert.Technique("T1046", "Network Service Discovery", "v17"),
                                new Alert.Technique("T1499.001", "OS Exhaustion Flood", "v17"))),
                findingId,
                "vpc-1",
                entity,
                "52.213.180.42 failed on 31 ports of 10.0.0.62",
                "52.213.180.42 failed on 31 ports of 10.0.0.62 within 15 min.",
                Alert.Severity.MEDIUM,
                suppressedBy != null ? Alert.Status.SUPPRESSED : status(activity),
                1_566_849_000_000L,
                1_566_848_875_000L,
                1_566_848_900_000L,
                31,
                new TreeMap<>(Map.of("ports", 31L)),
                new TreeMap<>(Map.of("external", 25.0, "ratio", 0.05)),
                "9f86d081",
                connections,
                List.of(RECORD),
                false,
                null,
                Alert.NO_BASELINE,
                Map.of(),
                suppressedBy);
    }

    private static Alert.Status status(Activity activity) {
        return switch (activity) {
            case CREATE -> Alert.Status.NEW;
            case UPDATE -> Alert.Status.IN_PROGRESS;
            case CLOSE -> Alert.Status.RESOLVED;
        };
    }

    /** Varies the sample connection. */
    static final class ConnectionBuilder {

        private Event event = Event.CLOSE;
        private int protocol = FlowRecord.TCP;
        private Side originator = new Side(new Endpoint(LAPTOP, 43418), 16_000, 23_395_289, 3, null, null, List.of());
        private Side responder =
                new Side(new Endpoint(SERVER, 5001), 1_200, 64_020, 19, observer("eni-1"), "EC2", List.of());
        private ConnState state = ConnState.SF;
        private Verdict verdict = Verdict.ALLOWED;
        private DirectionEvidence evidence = DirectionEvidence.SYN;
        private int traits = Trait.FLAGS_PRESENT.bit();
        private List<Observation> observations = List.of(
                observation("eni-1", true, FlowDirection.INGRESS, 3),
                observation("eni-1", false, FlowDirection.EGRESS, 19),
                observation("eni-2", true, FlowDirection.INGRESS, 3));
        private int trafficPath = Annotations.NO_PATH;
        private String id = CONNECTION_ID;
        private EndReason endReason = EndReason.CLOSED;

        ConnectionBuilder id(String value) {
            id = value;
            return this;
        }

        ConnectionBuilder event(Event value) {
            event = value;
            return this;
        }

        ConnectionBuilder icmp() {
            protocol = FlowRecord.ICMP;
            evidence = DirectionEvidence.NONE;
            state = ConnState.OTH;
            traits = 0;
            return this;
        }

        ConnectionBuilder protocol(int value) {
            protocol = value;
            return this;
        }

        ConnectionBuilder ended(EndReason value) {
            endReason = value;
            return this;
        }

        ConnectionBuilder originator(Side value) {
            originator = value;
            return this;
        }

        ConnectionBuilder responder(Side value) {
            responder = value;
            return this;
        }

        ConnectionBuilder state(ConnState value) {
            state = value;
            return this;
        }

        ConnectionBuilder verdict(Verdict value) {
            verdict = value;
            return this;
        }

        ConnectionBuilder evidence(DirectionEvidence value) {
            evidence = value;
            return this;
        }

        ConnectionBuilder with(Trait trait) {
            traits |= trait.bit();
            return this;
        }

        ConnectionBuilder observedBy(String interfaceId) {
            observations = List.of(observation(interfaceId, true, FlowDirection.ABSENT, 3));
            return this;
        }

        ConnectionBuilder trafficPath(int value) {
            trafficPath = value;
            return this;
        }

        Connection build() {
            return new Connection(
                    event,
                    ConnectionId.of(id),
                    "vpc-1",
                    protocol,
                    originator,
                    responder,
                    START,
                    END,
                    state,
                    verdict,
                    null,
                    evidence,
                    event == Event.CLOSE ? endReason : null,
                    traits,
                    1,
                    4,
                    observations,
                    trafficPath,
                    null,
                    END + 120,
                    List.of(RECORD));
        }

        private static Observation observation(
                String interfaceId, boolean fromOriginator, FlowDirection direction, int flags) {
            return new Observation(
                    observer(interfaceId),
                    fromOriginator,
                    Action.ACCEPT,
                    direction,
                    true,
                    flags,
                    10,
                    100,
                    START,
                    END,
                    2);
        }
    }
}
