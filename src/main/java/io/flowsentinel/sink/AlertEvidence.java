package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Evidence;
import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Connection.Verdict;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What an alert points at: the connections it rests on and the resources it is about. */
final class AlertEvidence {

    private static final Map<Verdict, String> VERDICTS = Ocsf.lowerCase(Verdict.class);

    private static final int TARGET = 1;
    private static final int ACTOR = 2;
    private static final int AFFECTED = 3;
    private static final long MILLIS = 1000;

    private final CommunityId communityId = new CommunityId();

    /** Writes {@code evidences} and {@code resources}. */
    void write(Alert alert, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("evidences");
        for (Evidence evidence : alert.connections()) {
            writeConnection(evidence, json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("resources");
        for (EntityField field : alert.entity()) {
            writeResource(field, alert.context().containsKey("role"), json);
        }
        for (Map.Entry<String, Integer> instance : instances(alert).entrySet()) {
            writeResource("EC2 Instance", instance.getKey(), instance.getValue(), json);
        }
        json.writeEndArray();
    }

    /** Instances whose addresses the entity names, as far as the evidence tells, by id, with the role of the address. */
    private static Map<String, Integer> instances(Alert alert) {
        Map<String, Integer> instances = new TreeMap<>();
        for (EntityField field : alert.entity()) {
            if (AlertEncoder.isAddress(field)) {
                int role = field.name().equals("originator") ? ACTOR : TARGET;
                alert.connections().stream()
                        .flatMap(evidence -> Stream.of(evidence.originator(), evidence.responder()))
                        .filter(party -> party.instanceId() != null)
                        .filter(party -> party.endpoint().address().toString().equals(field.value()))
                        .forEach(party -> instances.putIfAbsent(party.instanceId(), role));
            }
        }
        return instances;
    }

    private void writeConnection(Evidence evidence, JsonGenerator json) throws IOException {
        Party originator = evidence.originator();
        Party responder = evidence.responder();
        json.writeStartObject();
        boolean ofConnection = !evidence.connectionId().isEmpty();
        if (ofConnection) {
            json.writeStringField("uid", evidence.connectionId());
        }
        writeEndpoint("src_endpoint", originator, json);
        writeEndpoint("dst_endpoint", responder, json);
        json.writeObjectFieldStart("connection_info");
        if (ofConnection) {
            json.writeStringField("uid", evidence.connectionId());
        }
        Ocsf.writeIfKnown(
                json,
                "community_uid",
                communityId.of(evidence.protocol(), originator.endpoint(), responder.endpoint()));
        json.writeNumberField("protocol_num", evidence.protocol());
        json.writeNumberField("direction_id", ConnectionPath.direction(originator.internal(), responder.internal()));
        json.writeEndObject();
        json.writeObjectFieldStart("data");
        if (ofConnection) {
            json.writeStringField("conn_state", evidence.state().name());
            json.writeStringField("verdict", VERDICTS.get(evidence.verdict()));
        }
        json.writeNumberField("start_time", evidence.start() * MILLIS);
        json.writeNumberField("end_time", evidence.end() * MILLIS);
        json.writeNumberField("duration", (evidence.end() - evidence.start()) * MILLIS);
        Ocsf.writeTraffic(originator.packets(), originator.bytes(), responder.packets(), responder.bytes(), json);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeEndpoint(String name, Party party, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("ip", party.endpoint().address().toString());
        json.writeNumberField("port", party.endpoint().port());
        Ocsf.writeIfKnown(json, "interface_uid", party.interfaceId());
        Ocsf.writeIfKnown(json, "instance_uid", party.instanceId());
        json.writeEndObject();
    }

    /** An address or a named part of the network is a resource; a port, a protocol or a direction is none. */
    private static void writeResource(EntityField field, boolean ofRole, JsonGenerator json) throws IOException {
        switch (field.name()) {
            case "originator" -> writeResource("IP Address", field.value(), ACTOR, json);
            case "responder", "endpoint", "peer" -> writeResource("IP Address", field.value(), TARGET, json);
            case "interface" -> writeResource("Network Interface", field.value(), AFFECTED, json);
            case "subnet" -> writeResource(ofRole ? "Role" : "Subnet", field.value(), AFFECTED, json);
            case "flow_log" -> writeResource("Flow Log", field.value(), AFFECTED, json);
            default -> {
                return;
            }
        }
    }

    private static void writeResource(String type, String uid, int role, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("uid", uid);
        json.writeStringField("type", type);
        json.writeNumberField("role_id", role);
        json.writeEndObject();
    }
}
