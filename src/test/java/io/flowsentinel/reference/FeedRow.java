package io.flowsentinel.reference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** One connection as the connection feed shows it, but for what is the same in every row. */
final class FeedRow {

    private static final long MILLIS = 1000;

    private final Folded folded;
    private final ConnectionRecords connection;
    private final Roles roles;
    private final List<Sight> sights;
    private final Outcome outcome;
    private final boolean coverageGap;
    private final Predicate<IpAddress> internal;

    FeedRow(Folded folded, boolean coverageGap, Predicate<IpAddress> internal) {
        this.folded = folded;
        this.connection = folded.records();
        this.roles = Roles.of(folded);
        this.sights = Sight.of(connection, roles.originatorIsLower());
        this.outcome = new Outcome(folded, roles, sights);
        this.coverageGap = coverageGap;
        this.internal = internal;
    }

    ObjectNode json() {
        String verdict = outcome.verdict();
        boolean refused =
                verdict.equals("denied") || verdict.equals("denied_egress") || verdict.equals("denied_by_destination");
        boolean blocked = refused || verdict.equals("reply_denied");
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        row.put("activity_id", refused ? 5 : activity(outcome.state()));
        row.put("start_time", connection.start() * MILLIS);
        row.put("end_time", connection.end() * MILLIS);
        row.put("duration", (connection.end() - connection.start()) * MILLIS);
        row.put("status_code", outcome.state());
        row.put("action_id", blocked ? 2 : 1);
        row.put("disposition_id", blocked ? 2 : 1);
        row.put("is_src_dst_assignment_known", roles.known());
        row.set("src_endpoint", endpoint(true));
        row.set("dst_endpoint", endpoint(false));
        row.set("connection_info", connectionInfo());
        row.set("traffic", traffic());
        row.set("cloud", cloud());
        row.set("unmapped", unmapped());
        return row;
    }

    private static int activity(String state) {
        return switch (state) {
            case "REJ" -> 5;
            case "SF", "SH", "SHR" -> 2;
            case "RSTO", "RSTR", "RSTOS0", "RSTRH" -> 3;
            case "S0" -> 4;
            default -> 6;
        };
    }

    private boolean isLower(boolean originator) {
        return originator == roles.originatorIsLower();
    }

    private Endpoint side(boolean originator) {
        return isLower(originator) ? connection.key().lower() : connection.key().higher();
    }

    private ObjectNode endpoint(boolean originator) {
        ObjectNode endpoint = JsonNodeFactory.instance.objectNode();
        endpoint.put("ip", side(originator).address().toString());
        endpoint.put("port", side(originator).port());
        ownInterface(originator).ifPresent(observer -> {
            putKnown(endpoint, "interface_uid", observer.interfaceId().equals("-") ? null : observer.interfaceId());
            putKnown(endpoint, "instance_uid", observer.instanceId());
            putKnown(endpoint, "vpc_uid", observer.vpcId());
            putKnown(endpoint, "subnet_uid", observer.subnetId());
        });
        putKnown(endpoint, "svc_name", service(originator));
        List<IpAddress> intermediates = intermediates(originator);
        if (!intermediates.isEmpty()) {
            ArrayNode addresses = endpoint.putArray("intermediate_ips");
            intermediates.forEach(address -> addresses.add(address.toString()));
        }
        return endpoint;
    }

    /** The interface that sends what the side sends, or receives what it is sent. */
    private Optional<Observer> ownInterface(boolean ofOriginator) {
        return sights.stream()
                .filter(Sight::own)
                .filter(sight -> sight.flowDirection()
                        == (sight.fromOriginator() == ofOriginator ? FlowDirection.EGRESS : FlowDirection.INGRESS))
                .map(Sight::observer)
                .findFirst();
    }

    private boolean sends(FlowRecord flow, boolean originator) {
        return connection.fromLower(flow) == isLower(originator);
    }

    private String service(boolean originator) {
        return connection.all().stream()
                .map(flow -> sends(flow, originator)
                        ? flow.annotations().sourceService()
                        : flow.annotations().destinationService())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private List<IpAddress> intermediates(boolean originator) {
        IpAddress packet = side(originator).address();
        return connection.all().stream()
                .flatMap(flow ->
                        Stream.ofNullable(sends(flow, originator) ? flow.plainSource() : flow.plainDestination()))
                .filter(plain -> !plain.equals(packet))
                .distinct()
                .sorted()
                .toList();
    }

    private ObjectNode connectionInfo() {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        info.put("uid", id(folded));
        putKnown(info, "community_uid", Names.communityId(connection.key()));
        info.put("protocol_num", connection.key().protocol());
        info.put("direction_id", direction(ours(true), ours(false)));
        int path = trafficPath();
        boolean known = path >= 1 && path <= 8;
        info.put("boundary_id", known ? path + 3 : path == Annotations.NO_PATH ? 0 : 99);
        if (!known && path != Annotations.NO_PATH) {
            info.put("boundary", "traffic-path " + path);
        }
        return info;
    }

    private boolean ours(boolean originator) {
        return ownInterface(originator).isPresent()
                || internal.test(side(originator).address());
    }

    private static int direction(boolean originatorIsOurs, boolean responderIsOurs) {
        if (originatorIsOurs && responderIsOurs) {
            return 3;
        }
        return originatorIsOurs ? 2 : responderIsOurs ? 1 : 0;
    }

    /** Of the originator's own egress records. */
    private int trafficPath() {
        return sights.stream()
                .filter(sight -> sight.own() && sight.fromOriginator())
                .filter(sight -> sight.flowDirection() == FlowDirection.EGRESS)
                .flatMap(sight -> sight.records().stream())
                .mapToInt(flow -> flow.annotations().trafficPath())
                .filter(path -> path != Annotations.NO_PATH)
                .findFirst()
                .orElse(Annotations.NO_PATH);
    }

    private ObjectNode traffic() {
        Volume out = outcome.sent();
        Volume in = outcome.received();
        ObjectNode traffic = JsonNodeFactory.instance.objectNode();
        traffic.put("bytes_out", out.bytes());
        traffic.put("packets_out", out.packets());
        traffic.put("bytes_in", in.bytes());
        traffic.put("packets_in", in.packets());
        traffic.put("bytes", out.bytes() + in.bytes());
        traffic.put("packets", out.packets() + in.packets());
        return traffic;
    }

    private ObjectNode cloud() {
        Observer teller = ownInterface(true).or(() -> ownInterface(false)).orElseGet(() -> sights.get(0)
                .observer());
        ObjectNode cloud = JsonNodeFactory.instance.objectNode();
        cloud.put("provider", "AWS");
        if (teller.accountId() != null && !teller.accountId().equals("unknown")) {
            cloud.putObject("account").put("uid", teller.accountId());
        }
        putKnown(cloud, "region", teller.region());
        putKnown(cloud, "zone", teller.azId());
        return cloud;
    }

    private ObjectNode unmapped() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("event", "close");
        facts.put("verdict", outcome.verdict());
        facts.put("reject_reason", rejectReason());
        facts.put("direction_evidence", roles.evidence());
        facts.put("flags", connection.flagsKnown() ? "present" : "absent");
        putFlags(facts, "flags_orig", outcome.originatorFlags());
        putFlags(facts, "flags_resp", outcome.responderFlags());
        facts.put("end_reason", folded.endReason());
        facts.put("missed_close", folded.endReason().equals("tcp_reuse"));
        facts.put("crossed_syn", outcome.crossedSyn());
        facts.put("syn_records", outcome.synRecords());
        facts.put("midstream", outcome.midstream());
        facts.put("one_sided", outcome.oneSided());
        facts.put("coverage_gap", coverageGap);
        facts.put("multi_connection_suspected", folded.suspected());
        facts.put("simultaneous_open", outcome.simultaneousOpen());
        facts.put("unsolicited_synack", outcome.unsolicitedSynAck());
        facts.put("key_quality", connection.any(FlowRecord::degraded) ? "degraded" : "full");
        facts.put("records", connection.all().size());
        ArrayNode observers = facts.putArray("observers");
        sights.stream().map(Sight::interfaceId).distinct().forEach(observers::add);
        facts.put("continuation_of", folded.continues() == null ? null : id(folded.continues()));
        facts.put("scope", connection.key().scope());
        return facts;
    }

    private String rejectReason() {
        return connection.all().stream()
                .filter(flow -> !flow.accepted())
                .map(flow -> flow.annotations().rejectReason())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static String id(Folded one) {
        return Names.connectionId(one.records().key(), one.records().start(), one.split());
    }

    private static void putFlags(ObjectNode object, String name, int flags) {
        object.put(name, flags == Flags.NO_RECORD ? null : flags);
    }

    private static void putKnown(ObjectNode object, String name, String value) {
        if (value != null) {
            object.put(name, value);
        }
    }
}
