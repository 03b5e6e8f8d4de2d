package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert.Evidence;
import io.flowsentinel.model.Alert.Party;
import io.flowsentinel.model.Connection.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The connections an alert rests on, as an array of {@code flow_sentinel}: ECS has fields for one of them only. */
final class EcsEvidence {

    private static final Map<Verdict, String> VERDICTS = Ocsf.lowerCase(Verdict.class);

    private EcsEvidence() {}

    static void write(List<Evidence> connections, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("evidence");
        for (Evidence evidence : connections) {
            write(evidence, json);
        }
        json.writeEndArray();
    }

    private static void write(Evidence evidence, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (!evidence.connectionId().isEmpty()) {
            json.writeStringField("connection", evidence.connectionId());
            json.writeStringField("conn_state", evidence.state().name());
            json.writeStringField("verdict", VERDICTS.get(evidence.verdict()));
        }
        Ocsf.writeIfKnown(json, "scope", evidence.scope());
        json.writeStringField("start", Instant.ofEpochSecond(evidence.start()).toString());
        json.writeStringField("end", Instant.ofEpochSecond(evidence.end()).toString());
        json.writeNumberField("protocol", evidence.protocol());
        write("originator", evidence.originator(), json);
        write("responder", evidence.responder(), json);
        json.writeEndObject();
    }

    private static void write(String name, Party party, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("ip", party.endpoint().address().toString());
        json.writeNumberField("port", party.endpoint().port());
        json.writeNumberField("packets", party.packets());
        json.writeNumberField("bytes", party.bytes());
        Ocsf.writeIfKnown(json, "interface", party.interfaceId());
        Ocsf.writeIfKnown(json, "instance", party.instanceId());
        json.writeEndObject();
    }
}
