package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Confidence;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Evidence;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Alert.Technique;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.RecordRef;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An alert in the Elastic Common Schema (elastic.co/docs/reference/ecs, 8.x). What ECS has no field for stands under
 * {@code flow_sentinel}. A field that holds one value is written where all contributing connections agree on it.
 */
final class EcsAlert extends AlertEncoder {

    private static final String ECS_VERSION = "8.17.0";

    /** Values of {@code event.severity}, an own scale in ECS: Elastic's risk scores for low, medium and high. */
    private static final Map<Severity, Integer> SEVERITIES =
            new EnumMap<>(Map.of(Severity.INFORMATIONAL, 0, Severity.LOW, 21, Severity.MEDIUM, 47, Severity.HIGH, 73));

    private static final Map<Activity, String> ACTIVITIES = Ocsf.lowerCase(Activity.class);
    private static final Map<Severity, String> SEVERITY_NAMES = Ocsf.lowerCase(Severity.class);
    private static final Map<Confidence, String> CONFIDENCE_NAMES = Ocsf.lowerCase(Confidence.class);

    private static final Map<Integer, String> TRANSPORTS =
            Map.of(1, "icmp", 6, "tcp", 17, "udp", 58, "ipv6-icmp", 132, "sctp");

    @Override
    void write(Alert alert, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("@timestamp", time(alert.timeMillis()));
        json.writeObjectFieldStart("ecs");
        json.writeStringField("version", ECS_VERSION);
        json.writeEndObject();
        json.writeStringField("message", alert.message());
        writeEvent(alert, json);
        writeRule(alert, json);
        writeEndpoint(
                "source", "originator", alert, evidence -> evidence.originator().endpoint(), json);
        writeEndpoint(
                "destination",
                "responder",
                alert,
                evidence -> evidence.responder().endpoint(),
                json);
        writeNetwork(alert, json);
        writeRelated(alert, json);
        writeThreat(alert.rule().attacks(), json);
        writeCloud(AlertCloud.of(alert), json);
        json.writeObjectFieldStart("observer");
        json.writeStringField("vendor", Ocsf.PRODUCT);
        json.writeStringField("product", Ocsf.PRODUCT);
        json.writeStringField("version", Ocsf.PRODUCT_VERSION);
        json.writeEndObject();
        writeRest(alert, json);
        json.writeEndObject();
    }

    private static void writeEvent(Alert alert, JsonGenerator json) throws IOException {
        boolean alerting = alert.activity() == Activity.CREATE && !alert.suppressed();
        json.writeObjectFieldStart("event");
        json.writeStringField("kind", alerting ? "alert" : "event");
        writeTexts("category", List.of("intrusion_detection", "network"), json);
        writeTexts("type", List.of("info"), json);
        json.writeStringField("action", ACTIVITIES.get(alert.activity()));
        json.writeStringField("id", alert.findingId());
        json.writeStringField("code", alert.rule().id());
        json.writeStringField("provider", "flow-sentinel");
        json.writeNumberField("severity", SEVERITIES.get(alert.severity()));
        json.writeStringField("start", time(alert.firstSeenMillis()));
        json.writeStringField("end", time(alert.lastSeenMillis()));
        json.writeStringField("reason", alert.title());
        json.writeEndObject();
    }

    private static void writeRule(Alert alert, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("rule");
        json.writeStringField("id", alert.rule().id());
        json.writeStringField("name", alert.rule().name());
        json.writeStringField("description", alert.rule().description());
        json.writeStringField("version", String.valueOf(alert.rule().version()));
        json.writeEndObject();
    }

    private static void writeEndpoint(
            String name, String role, Alert alert, Function<Evidence, Endpoint> side, JsonGenerator json)
            throws IOException {
        String address =
                agreed(alert, role, evidence -> side.apply(evidence).address().toString());
        if (address == null || isBlock(address)) {
            return;
        }
        String port = agreed(
                alert, "", evidence -> String.valueOf(side.apply(evidence).port()));
        json.writeObjectFieldStart(name);
        json.writeStringField("ip", address);
        json.writeStringField("address", address);
        if (port != null) {
            json.writeNumberField("port", Integer.parseInt(port));
        }
        json.writeEndObject();
    }

    /** The entity's value of a field, else the one all connections have in common; null where they differ. */
    private static String agreed(Alert alert, String field, Function<Evidence, String> value) {
        for (EntityField key : alert.entity()) {
            if (key.name().equals(field)) {
                return key.value();
            }
        }
        List<String> values = alert.connections().stream().map(value).distinct().toList();
        return values.size() == 1 ? values.get(0) : null;
    }

    private static void writeNetwork(Alert alert, JsonGenerator json) throws IOException {
        String number = agreed(alert, "protocol", evidence -> String.valueOf(evidence.protocol()));
        if (number == null) {
            return;
        }
        json.writeObjectFieldStart("network");
        json.writeStringField("iana_number", number);
        Ocsf.writeIfKnown(json, "transport", TRANSPORTS.get(Integer.valueOf(number)));
        if (alert.connections().size() == 1) {
            Evidence only = alert.connections().get(0);
            Ocsf.writeIfKnown(
                    json,
                    "community_id",
                    new CommunityId()
                            .of(
                                    only.protocol(),
                                    only.originator().endpoint(),
                                    only.responder().endpoint()));
        }
        json.writeEndObject();
    }

    private static void writeRelated(Alert alert, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("related");
        writeTexts(
                "ip",
                Stream.concat(
                                alert.entity().stream()
                                        .filter(AlertEncoder::isAddress)
                                        .map(EntityField::value),
                                alert.connections().stream()
                                        .flatMap(evidence -> Stream.of(evidence.originator(), evidence.responder()))
                                        .map(party -> party.endpoint().address().toString()))
                        .distinct()
                        .sorted()
                        .toList(),
                json);
        json.writeEndObject();
    }

    private static void writeThreat(List<Technique> attacks, JsonGenerator json) throws IOException {
        if (attacks.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("threat");
        json.writeStringField("framework", "MITRE ATT&CK");
        json.writeArrayFieldStart("technique");
        for (Technique technique : attacks) {
            int dot = technique.id().indexOf('.');
            json.writeStartObject();
            writeTexts("id", List.of(dot < 0 ? technique.id() : technique.id().substring(0, dot)), json);
            if (dot < 0) {
                writeTexts("name", List.of(technique.name()), json);
            } else {
                json.writeObjectFieldStart("subtechnique");
                writeTexts("id", List.of(technique.id()), json);
                writeTexts("name", List.of(technique.name()), json);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeCloud(AlertCloud cloud, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("cloud");
        json.writeStringField("provider", "aws");
        if (cloud.account() != null) {
            json.writeObjectFieldStart("account");
            json.writeStringField("id", cloud.account());
            json.writeEndObject();
        }
        Ocsf.writeIfKnown(json, "region", cloud.region());
        json.writeEndObject();
    }

    private static void writeRest(Alert alert, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("flow_sentinel");
        json.writeStringField("severity", SEVERITY_NAMES.get(alert.severity()));
        json.writeStringField("confidence", CONFIDENCE_NAMES.get(alert.rule().confidence()));
        json.writeStringField("runbook", alert.rule().runbook());
        json.writeNumberField("count", alert.count());
        writeEntity(alert, json);
        Ocsf.writeIfKnown(json, "scope", alert.scope());
        writeNumbers(alert, json);
        writeThresholds(alert, json);
        json.writeStringField("rules_version", alert.rulesVersion());
        writeTexts(
                "connections",
                alert.connections().stream()
                        .map(Evidence::connectionId)
                        .filter(id -> !id.isEmpty())
                        .toList(),
                json);
        EcsEvidence.write(alert.connections(), json);
        json.writeArrayFieldStart("records");
        for (RecordRef ref : alert.records()) {
            json.writeStartObject();
            json.writeStringField("object", ref.object());
            json.writeNumberField("line", ref.line());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("coverage_gap", alert.coverageGap());
        writeContext(alert, json);
        if (alert.anomaly() != null) {
            json.writeObjectFieldStart("anomaly");
            json.writeStringField("parameter", alert.anomaly().parameter());
            json.writeStringField("observed", alert.anomaly().observed());
            json.writeStringField("usual", alert.anomaly().usual());
            json.writeEndObject();
        }
        Ocsf.writeIfKnown(json, "suppressed_by", alert.suppressedBy());
        json.writeEndObject();
    }

    private static void writeTexts(String name, List<String> texts, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
