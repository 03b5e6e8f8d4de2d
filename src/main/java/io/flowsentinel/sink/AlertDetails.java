package io.flowsentinel.sink;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stands behind an alert, as indented lines below its own: what to do, the figures, the evidence, the records. */
public final class AlertDetails {

    private static final String INDENT = "    ";
    private static final String UDP = "udp_";

    /** What a scan of one kind counts. */
    private static final Set<String> SCANNED = Set.of("ports", "responders");

    private AlertDetails() {}

    /** The lines of an alert in OCSF; of one in ECS, which names connections by id only, fewer. */
    public static List<String> of(JsonNode alert) {
        List<String> lines = new ArrayList<>();
        boolean ecs = alert.has("@timestamp");
        JsonNode own = alert.path(ecs ? "flow_sentinel" : "unmapped");
        add(
                lines,
                "to do",
                ecs ? own.path("runbook") : alert.path("remediation").path("desc"));
        add(
                lines,
                "finding",
                ecs
                        ? alert.path("event").path("id")
                        : alert.path("finding_info").path("uid"));
        numbers(lines, own);
        figures(lines, "thresholds", own.path("thresholds"));
        figures(lines, "context", own.path("context"));
        for (JsonNode analysis : alert.path("anomaly_analyses")) {
            lines.add(INDENT + "usual: " + observation(analysis.path("baselines")) + "; seen: "
                    + observation(analysis.path("anomalies")));
        }
        for (JsonNode evidence : alert.path("evidences")) {
            lines.add(INDENT + "connection: " + connection(evidence));
        }
        for (JsonNode id : own.path("connections")) {
            add(lines, "connection", id);
        }
        for (JsonNode ref : own.path("records")) {
            lines.add(INDENT + "record: "
                    + AlertLine.printable(ref.path("object").asText()) + " line "
                    + ref.path("line").asLong());
        }
        if (own.path("coverage_gap").asBoolean()) {
            lines.add(INDENT + "records were lost around it (coverage_gap)");
        }
        return lines;
    }

    private static void add(List<String> lines, String name, JsonNode value) {
        if (value.isValueNode() && !value.asText().isEmpty()) {
            lines.add(INDENT + name + ": " + AlertLine.printable(value.asText()));
        }
    }

    private static void figures(List<String> lines, String name, JsonNode figures) {
        List<String> all = new ArrayList<>();
        figures.properties()
                .forEach(figure ->
                        all.add(figure.getKey() + " " + figure.getValue().asText()));
        if (!all.isEmpty()) {
            lines.add(INDENT + name + ": " + AlertLine.printable(String.join(", ", all)));
        }
    }

    /** Those that have reached a threshold stand beside it. */
    private static void numbers(List<String> lines, JsonNode own) {
        List<String> all = new ArrayList<>();
        own.path("numbers").properties().forEach(number -> {
            String text = number.getKey() + " " + number.getValue().asText();
            all.add(text + reached(own, number.getKey(), number.getValue().asDouble()));
        });
        if (!all.isEmpty()) {
            lines.add(INDENT + "numbers: " + AlertLine.printable(String.join(", ", all)));
        }
    }

    /**
     * A threshold that a number of the same name has reached. Of a scan it is the one for external or for internal
     * originators; only the latter belong to a scope.
     */
    private static String reached(JsonNode own, String number, double value) {
        JsonNode thresholds = own.path("thresholds");
        String name = number.startsWith(UDP) ? number.substring(UDP.length()) : number;
        JsonNode threshold = thresholds.path(name);
        String whose = "";
        if (SCANNED.contains(name) && thresholds.has("external") && thresholds.has("internal")) {
            String originator = own.has("scope") ? "internal" : "external";
            threshold = thresholds.path(originator);
            whose = " (" + originator + ")";
        }
        return threshold.isNumber() && value >= threshold.asDouble() ? " >= " + threshold.asText() + whose : "";
    }

    private static String observation(JsonNode observations) {
        JsonNode first = observations.path(0);
        return AlertLine.printable(first.path("observation_parameter").asText() + " "
                + first.path("observations").path(0).path("value").asText());
    }

    private static String connection(JsonNode evidence) {
        JsonNode data = evidence.path("data");
        String text = Instant.ofEpochMilli(data.path("start_time").asLong()) + " " + endpoint(evidence, "src_endpoint")
                + " > " + endpoint(evidence, "dst_endpoint") + " "
                + protocol(evidence.path("connection_info").path("protocol_num").asInt());
        if (data.has("conn_state")) {
            text += " " + data.path("conn_state").asText() + " "
                    + data.path("verdict").asText();
        }
        return evidence.has("uid") ? text + " " + evidence.path("uid").asText() : text;
    }

    private static String protocol(int number) {
        return switch (number) {
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 58 -> "ICMPv6";
            default -> "protocol " + number;
        };
    }

    private static String endpoint(JsonNode evidence, String side) {
        String address = evidence.path(side).path("ip").asText();
        String shown = address.indexOf(':') < 0 ? address : "[" + address + "]";
        return shown + ":" + evidence.path(side).path("port").asInt();
    }
}
