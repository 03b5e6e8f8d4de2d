package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Evidence;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * OCSF's {@code observables}: what to search for, and where it stands in the message. These are the addresses of the entity;
 * where it names none, such as a connection or an interface, those of the evidence.
 */
final class Observables {

    private static final Ocsf.Value ADDRESS = new Ocsf.Value(2, "IP Address");
    private static final Ocsf.Value BLOCK = new Ocsf.Value(12, "Subnet");

    private Observables() {}

    static void write(Alert alert, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("observables");
        for (EntityField field : alert.entity()) {
            if (AlertEncoder.namesHosts(field)) {
                write("unmapped.entity." + field.name(), field.value(), json);
            }
        }
        if (alert.entity().stream().noneMatch(AlertEncoder::namesHosts)) {
            for (Map.Entry<String, String> address :
                    ofEvidence(alert.connections()).entrySet()) {
                write(address.getValue(), address.getKey(), json);
            }
        }
        json.writeEndArray();
    }

    /** Each address once, with the first place where it stands. */
    private static Map<String, String> ofEvidence(List<Evidence> connections) {
        Map<String, String> places = new LinkedHashMap<>();
        for (int i = 0; i < connections.size(); i++) {
            Evidence evidence = connections.get(i);
            places.putIfAbsent(
                    evidence.originator().endpoint().address().toString(), "evidences[" + i + "].src_endpoint.ip");
            places.putIfAbsent(
                    evidence.responder().endpoint().address().toString(), "evidences[" + i + "].dst_endpoint.ip");
        }
        return places;
    }

    private static void write(String name, String value, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        Ocsf.writeValue(json, "type", AlertEncoder.isBlock(value) ? BLOCK : ADDRESS);
        json.writeStringField("value", value);
        json.writeEndObject();
    }
}
