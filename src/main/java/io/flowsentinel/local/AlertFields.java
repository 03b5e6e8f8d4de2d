package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the fields of an alert in either schema.
 *
 * @param alert as it is in the feed
 */
record AlertFields(JsonNode alert) {

    private boolean ecs() {
        return alert.has("@timestamp");
    }

    private JsonNode own() {
        return alert.path(ecs() ? "flow_sentinel" : "unmapped");
    }

    private JsonNode at(String ocsfPointer, String ecsPointer) {
        return alert.at(ecs() ? ecsPointer : ocsfPointer);
    }

    String findingId() {
        return at("/finding_info/uid", "/event/id").asText();
    }

    String rule() {
        return at("/metadata/event_code", "/rule/id").asText();
    }

    /** informational, low, medium or high. */
    String severity() {
        return at("/severity", "/flow_sentinel/severity").asText().toLowerCase(Locale.ROOT);
    }

    /** create, update or close. */
    String activity() {
        return at("/activity_name", "/event/action").asText().toLowerCase(Locale.ROOT);
    }

    String title() {
        return at("/finding_info/title", "/event/reason").asText();
    }

    /** The event time at which it was decided. */
    Instant time() {
        return moment("/time", "/@timestamp");
    }

    Instant firstSeen() {
        return moment("/finding_info/first_seen_time", "/event/start");
    }

    Instant lastSeen() {
        return moment("/finding_info/last_seen_time", "/event/end");
    }

    long count() {
        return at("/finding_info/related_events_count", "/flow_sentinel/count").asLong();
    }

    /** By name, as written. */
    Map<String, String> numbers() {
        return texts(own().path("numbers"));
    }

    /** What tells two findings of a rule apart. */
    Map<String, String> entity() {
        return texts(own().path("entity"));
    }

    /** What keeps the private addresses of the entity apart from equal ones; empty where it has none. */
    String scope() {
        return own().path("scope").asText();
    }

    /** What names the rules it was decided by. */
    String rulesVersion() {
        return own().path("rules_version").asText();
    }

    /** The lists its address is on, and their versions; empty for none. */
    String lists() {
        JsonNode context = own().path("context");
        return (context.path("list").asText() + " "
                        + context.path("list_version").asText())
                .strip();
    }

    /** By what it is held back; empty for an alert that is not. */
    String suppressedBy() {
        return own().path("suppressed_by").asText();
    }

    private Instant moment(String ocsfPointer, String ecsPointer) {
        JsonNode value = at(ocsfPointer, ecsPointer);
        return value.isTextual() ? Instant.parse(value.asText()) : Instant.ofEpochMilli(value.asLong());
    }

    private static Map<String, String> texts(JsonNode fields) {
        Map<String, String> texts = new TreeMap<>();
        fields.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }
}
