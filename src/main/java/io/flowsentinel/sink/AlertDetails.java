package io.flowsentinel.sink;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/**
 * What stands behind an alert in either schema, as indented lines below its own: what to do, where and when it was, the
 * figures, the connections, the records.
 */
public final class AlertDetails {

    private static final String INDENT = "    ";
    private static final String UDP = "udp_";

    /** Behind the name of a number: a threshold of the name in front of it is one of this rate. */
    private static final String RATE = "_per_second";

    /** What a scan of one kind counts. */
    private static final Set<String> SCANNED = Set.of("ports", "responders");

    private final JsonNode alert;
    private final boolean ecs;
    private final JsonNode own;
    private final List<String> lines = new ArrayList<>();

    private AlertDetails(JsonNode alert) {
        this.alert = alert;
        this.ecs = alert.has("@timestamp");
        this.own = alert.path(ecs ? "flow_sentinel" : "unmapped");
    }

    /** The lines of an alert. */
    public static List<String> of(JsonNode alert) {
        AlertDetails details = new AlertDetails(alert);
        details.tell();
        return details.lines;
    }

    private void tell() {
        add("to do", text("/remediation/desc", "/flow_sentinel/runbook"));
        add("finding", text("/finding_info/uid", "/event/id"));
        add("where", where());
        add("when", when());
        add("confidence", text("/confidence", "/flow_sentinel/confidence").toLowerCase(Locale.ROOT));
        add("ATT&CK", techniques());
        numbers();
        figures("thresholds", own.path("thresholds"));
        figures("context", own.path("context"));
        for (JsonNode analysis : alert.path("anomaly_analyses")) {
            add(
                    "usual",
                    observation(analysis.path("baselines")) + "; seen: " + observation(analysis.path("anomalies")));
        }
        JsonNode anomaly = own.path("anomaly");
        if (!anomaly.isMissingNode()) {
            String parameter = anomaly.path("parameter").asText();
            add(
                    "usual",
                    parameter + " " + anomaly.path("usual").asText() + "; seen: " + parameter + " "
                            + anomaly.path("observed").asText());
        }
        for (JsonNode evidence : ecs ? own.path("evidence") : alert.path("evidences")) {
            ShownConnection shown = ecs ? ShownConnection.ofEcs(evidence) : ShownConnection.ofOcsf(evidence);
            add(shown.kind(), shown.text(own.path("scope").asText()));
        }
        for (JsonNode ref : own.path("records")) {
            add(
                    "record",
                    ref.path("object").asText() + " line " + ref.path("line").asLong());
        }
        if (own.path("coverage_gap").asBoolean()) {
            lines.add(INDENT + "records were lost around it (coverage_gap)");
        }
    }

    private void add(String name, String text) {
        if (!text.isEmpty()) {
            lines.add(INDENT + name + ": " + AlertLine.printable(text));
        }
    }

    private JsonNode at(String ocsfPointer, String ecsPointer) {
        return alert.at(ecs ? ecsPointer : ocsfPointer);
    }

    private String text(String ocsfPointer, String ecsPointer) {
        return at(ocsfPointer, ecsPointer).asText();
    }

    private String where() {
        StringJoiner where = new StringJoiner(", ");
        addTo(where, "account", text("/cloud/account/uid", "/cloud/account/id"));
        addTo(where, "region", text("/cloud/region", "/cloud/region"));
        addTo(where, "scope", own.path("scope").asText());
        return where.toString();
    }

    private static void addTo(StringJoiner parts, String name, String value) {
        if (!value.isEmpty()) {
            parts.add(name + " " + value);
        }
    }

    private String when() {
        JsonNode start = at("/finding_info/first_seen_time", "/event/start");
        if (start.isMissingNode()) {
            return "";
        }
        Instant first = moment(start);
        Instant last = moment(at("/finding_info/last_seen_time", "/event/end"));
        return first.equals(last) ? first.toString() : first + " to " + last;
    }

    private static Instant moment(JsonNode value) {
        return value.isTextual() ? Instant.parse(value.asText()) : Instant.ofEpochMilli(value.asLong());
    }

    private String techniques() {
        StringJoiner techniques = new StringJoiner(", ");
        for (JsonNode attack : ecs
                ? alert.path("threat").path("technique")
                : alert.path("finding_info").path("attacks")) {
            JsonNode sub = attack.path(ecs ? "subtechnique" : "sub_technique");
            JsonNode whole = ecs ? attack : attack.path("technique");
            JsonNode technique = sub.isMissingNode() ? whole : sub;
            techniques.add(first(technique.path(ecs ? "id" : "uid")) + " " + first(technique.path("name")));
        }
        return techniques.toString();
    }

    private static String first(JsonNode oneOrSeveral) {
        return (oneOrSeveral.isArray() ? oneOrSeveral.path(0) : oneOrSeveral).asText();
    }

    private void figures(String name, JsonNode figures) {
        StringJoiner all = new StringJoiner(", ");
        figures.properties()
                .forEach(figure ->
                        all.add(figure.getKey() + " " + figure.getValue().asText()));
        add(name, all.toString());
    }

    /** Those that have reached a threshold stand beside it. */
    private void numbers() {
        StringJoiner all = new StringJoiner(", ");
        own.path("numbers").properties().forEach(number -> {
            String text = number.getKey() + " " + number.getValue().asText();
            all.add(text + reached(number.getKey(), number.getValue().asDouble()));
        });
        add("numbers", all.toString());
    }

    /**
     * A threshold that a number of the same name has reached. Of a scan it is the one for external or for internal
     * originators, which its context says. Where there is a number of the rate the threshold is one of the rate,
     * not of the total.
     */
    private String reached(String number, double value) {
        JsonNode thresholds = own.path("thresholds");
        String name = number.startsWith(UDP) ? number.substring(UDP.length()) : number;
        if (own.path("numbers").has(name + RATE)) {
            return "";
        }
        if (name.endsWith(RATE)) {
            name = name.substring(0, name.length() - RATE.length());
        }
        JsonNode threshold = thresholds.path(name);
        String whose = "";
        if (SCANNED.contains(name) && thresholds.has("external") && thresholds.has("internal")) {
            String originator = own.path("context").path("originator").asText();
            threshold = thresholds.path(originator);
            whose = " (" + originator + ")";
        }
        return threshold.isNumber() && value >= threshold.asDouble() ? " >= " + threshold.asText() + whose : "";
    }

    private static String observation(JsonNode observations) {
        JsonNode first = observations.path(0);
        return first.path("observation_parameter").asText() + " "
                + first.path("observations").path(0).path("value").asText();
    }
}
