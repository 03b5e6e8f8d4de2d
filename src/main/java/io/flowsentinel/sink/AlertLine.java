package io.flowsentinel.sink;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * An alert as one line for people, made from its JSON in either schema: when (UTC), how bad, where in the episode,
 * which rule, what, and about whom.
 *
 * @param colour whether the severity has an ANSI colour
 */
public record AlertLine(boolean colour) {

    private static final String PLAIN = "\u001b[0m";

    /** The line of an alert, without a line break. */
    public String of(JsonNode alert) {
        boolean ecs = alert.has("@timestamp");
        String time = ecs
                ? alert.path("@timestamp").asText()
                : Instant.ofEpochMilli(alert.path("time").asLong()).toString();
        JsonNode own = alert.path(ecs ? "flow_sentinel" : "unmapped");
        String severity = (ecs ? own : alert).path("severity").asText().toUpperCase(Locale.ROOT);
        String activity = ecs
                ? alert.path("event").path("action").asText()
                : alert.path("activity_name").asText().toLowerCase(Locale.ROOT);
        String rule = ecs
                ? alert.path("rule").path("id").asText()
                : alert.path("metadata").path("event_code").asText();
        String title = ecs
                ? alert.path("event").path("reason").asText()
                : alert.path("finding_info").path("title").asText();
        String line = time + "  " + severity(severity) + "  " + padded(activity, 6) + "  " + padded(rule, 21) + "  "
                + printable(title) + "  [" + entity(own.path("entity")) + "]";
        return own.has("suppressed_by")
                ? line + "  suppressed by "
                        + printable(own.path("suppressed_by").asText())
                : line;
    }

    /** A severity in the column it has in every line, such as {@code MEDIUM}. */
    public String severity(String name) {
        String text = padded("INFORMATIONAL".equals(name) ? "INFO" : name, 6);
        return colour ? paint(name) + text + PLAIN : text;
    }

    private static String paint(String severity) {
        return switch (severity) {
            case "HIGH" -> "\u001b[1;31m";
            case "MEDIUM" -> "\u001b[33m";
            case "LOW" -> "\u001b[36m";
            default -> "\u001b[2m";
        };
    }

    private static String entity(JsonNode entity) {
        StringJoiner text = new StringJoiner(" ");
        entity.properties()
                .forEach(field -> text.add(
                        field.getKey() + "=" + printable(field.getValue().asText())));
        return text.toString();
    }

    /** Names in a log are anybody's: none of them moves the cursor. */
    public static String printable(String text) {
        return text.chars().anyMatch(Character::isISOControl) ? text.replaceAll("\\p{Cntrl}", "?") : text;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
