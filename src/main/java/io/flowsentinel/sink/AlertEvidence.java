package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Evidence;
import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Connection.Verdict;
import java.io.IOException;
import java.util.Map;

/** What an alert points at: the connections it rests on and the resources it is about. */
final class AlertEvidence {

    private static final Map<Verdict, String> VERDICTS = Ocsf.lowerCase(Verdict.class);

    private static final long MILLIS = 1000;

    private final CommunityId communityId = new CommunityId();

    /** Writes {@code evidences} and {@code resources}. */
    void write(Alert alert, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("evidences");
        for (Evidence evidence : alert.connections()) {
            writeConnection(evidence, json);
        }
        json.writeEndArray();
        Resources.write(alert, json);
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
        Ocsf.writeIfKnown(json, "scope", evidence.scope());
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
}
