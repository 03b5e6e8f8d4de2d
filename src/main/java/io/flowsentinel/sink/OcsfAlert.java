package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.Confidence;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Alert.Status;
import io.flowsentinel.model.Alert.Technique;
import io.flowsentinel.model.RecordRef;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** An alert as OCSF Detection Finding. */
final class OcsfAlert extends AlertEncoder {

    private static final int CLASS_UID = 2004;
    private static final String CLASS_NAME = "Detection Finding";
    private static final int CATEGORY_UID = 2;

    private static final Map<Activity, Ocsf.Value> ACTIVITIES = new EnumMap<>(Map.of(
            Activity.CREATE, new Ocsf.Value(1, "Create"),
            Activity.UPDATE, new Ocsf.Value(2, "Update"),
            Activity.CLOSE, new Ocsf.Value(3, "Close")));

    private static final Map<Severity, Ocsf.Value> SEVERITIES = new EnumMap<>(Map.of(
            Severity.INFORMATIONAL, new Ocsf.Value(1, "Informational"),
            Severity.LOW, new Ocsf.Value(2, "Low"),
            Severity.MEDIUM, new Ocsf.Value(3, "Medium"),
            Severity.HIGH, new Ocsf.Value(4, "High")));

    private static final Map<Confidence, Ocsf.Value> CONFIDENCES = new EnumMap<>(Map.of(
            Confidence.LOW, new Ocsf.Value(1, "Low"),
            Confidence.MEDIUM, new Ocsf.Value(2, "Medium"),
            Confidence.HIGH, new Ocsf.Value(3, "High")));

    private static final Map<Status, Ocsf.Value> STATUSES = new EnumMap<>(Map.of(
            Status.NEW, new Ocsf.Value(1, "New"),
            Status.IN_PROGRESS, new Ocsf.Value(2, "In Progress"),
            Status.SUPPRESSED, new Ocsf.Value(3, "Suppressed"),
            Status.RESOLVED, new Ocsf.Value(4, "Resolved")));

    private static final int ANALYTIC_IS_RULE = 1;

    @Override
    void write(Alert alert, JsonGenerator json) throws IOException {
        json.writeStartObject();
        Ocsf.writeClass(json, CLASS_UID, CLASS_NAME, CATEGORY_UID, "Findings");
        Ocsf.writeActivity(json, CLASS_UID, CLASS_NAME, ACTIVITIES.get(alert.activity()));
        Ocsf.writeValue(json, "severity", SEVERITIES.get(alert.severity()));
        Ocsf.writeValue(json, "confidence", CONFIDENCES.get(alert.rule().confidence()));
        Ocsf.writeValue(json, "status", STATUSES.get(alert.suppressed() ? Status.SUPPRESSED : alert.status()));
        json.writeBooleanField("is_alert", alert.activity() == Activity.CREATE && !alert.suppressed());
        Ocsf.writeMetadata(json, alert.rule().id(), "cloud");
        json.writeNumberField("time", alert.timeMillis());
        json.writeNumberField("start_time", alert.firstSeenMillis());
        json.writeNumberField("end_time", alert.lastSeenMillis());
        json.writeStringField("message", alert.message());
        writeFindingInfo(alert, json);
        json.writeObjectFieldStart("remediation");
        json.writeStringField("desc", alert.rule().runbook());
        json.writeEndObject();
        new AlertEvidence().write(alert, json);
        if (alert.anomaly() != null) {
            writeAnomaly(alert, alert.anomaly(), json);
        }
        Observables.write(alert, json);
        AlertCloud.of(alert).write(json);
        writeUnmapped(alert, json);
        json.writeEndObject();
    }

    private static void writeFindingInfo(Alert alert, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("finding_info");
        json.writeStringField("uid", alert.findingId());
        json.writeStringField("title", alert.title());
        json.writeStringField("desc", alert.rule().description());
        json.writeObjectFieldStart("analytic");
        json.writeNumberField("type_id", ANALYTIC_IS_RULE);
        json.writeStringField("type", "Rule");
        json.writeStringField("uid", alert.rule().id());
        json.writeStringField("name", alert.rule().name());
        json.writeStringField("version", String.valueOf(alert.rule().version()));
        json.writeEndObject();
        json.writeArrayFieldStart("attacks");
        for (Technique technique : alert.rule().attacks()) {
            writeAttack(technique, json);
        }
        json.writeEndArray();
        json.writeNumberField("first_seen_time", alert.firstSeenMillis());
        json.writeNumberField("last_seen_time", alert.lastSeenMillis());
        json.writeNumberField("related_events_count", alert.count());
        json.writeEndObject();
    }

    /** A sub-technique, {@code T1499.001}, stands beside the technique it is part of. */
    private static void writeAttack(Technique technique, JsonGenerator json) throws IOException {
        int dot = technique.id().indexOf('.');
        json.writeStartObject();
        json.writeObjectFieldStart("technique");
        json.writeStringField("uid", dot < 0 ? technique.id() : technique.id().substring(0, dot));
        if (dot < 0) {
            json.writeStringField("name", technique.name());
        }
        json.writeEndObject();
        if (dot >= 0) {
            json.writeObjectFieldStart("sub_technique");
            json.writeStringField("uid", technique.id());
            json.writeStringField("name", technique.name());
            json.writeEndObject();
        }
        json.writeStringField("version", technique.version());
        json.writeEndObject();
    }

    /** OCSF's anomaly_analyses: what was looked at, what was seen, what is usual. */
    private static void writeAnomaly(Alert alert, Anomaly anomaly, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("anomaly_analyses");
        json.writeStartObject();
        json.writeArrayFieldStart("analysis_targets");
        for (EntityField field : alert.entity()) {
            json.writeStartObject();
            json.writeStringField("name", field.value());
            json.writeStringField("type", field.name());
            json.writeEndObject();
        }
        json.writeEndArray();
        writeObservation("anomalies", anomaly.parameter(), anomaly.observed(), json);
        writeObservation("baselines", anomaly.parameter(), anomaly.usual(), json);
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void writeObservation(String name, String parameter, String value, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart(name);
        json.writeStartObject();
        json.writeStringField("observation_parameter", parameter);
        json.writeArrayFieldStart("observations");
        json.writeStartObject();
        json.writeStringField("value", value);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void writeUnmapped(Alert alert, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("unmapped");
        writeEntity(alert, json);
        Ocsf.writeIfKnown(json, "scope", alert.scope());
        writeNumbers(alert, json);
        writeThresholds(alert, json);
        json.writeStringField("rules_version", alert.rulesVersion());
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
        Ocsf.writeIfKnown(json, "suppressed_by", alert.suppressedBy());
        json.writeEndObject();
    }
}
