package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells updates that only say that a finding goes on, by what the messages of the finding before them said. */
final class Reminders {

    /** Of a feed without end: those unheard of for longest are forgotten. */
    private static final int MOST_FINDINGS = 100_000;

    private final Map<String, String> said = new LinkedHashMap<>();

    /** Whether it says nothing that the message before did not say; to be asked of every message in order, once. */
    boolean isOne(JsonNode message) {
        AlertFields alert = new AlertFields(message);
        String now = alert.severity() + ' ' + alert.count() + ' ' + alert.numbers() + ' ' + alert.suppressedBy();
        String before = said.remove(alert.findingId());
        if (!alert.activity().equals("close")) {
            said.put(alert.findingId(), now);
            if (said.size() > MOST_FINDINGS) {
                said.remove(said.keySet().iterator().next());
            }
        }
        return alert.activity().equals("update") && now.equals(before);
    }
}
