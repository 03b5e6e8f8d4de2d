package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.detect.settings.AddressBlock;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which alerts somebody wants to see; an alert has to pass every part that is set.
 *
 * @param severity the least, 1 informational to 4 high
 * @param rules ids; empty for all
 * @param addresses one of the entity's or the evidence's addresses has to be in one of these; empty for all
 */
record AlertFilter(int severity, Set<String> rules, List<AddressBlock> addresses) implements Predicate<JsonNode> {

    private static final List<String> SEVERITIES = List.of("informational", "low", "medium", "high");

    /** What alerts in lines call the least of them. */
    private static final String SHORT_FORM = "info";

    private static final List<String> ADDRESSES = List.of("originator", "responder", "peer", "endpoint");

    /** 1 to 4. */
    static int severityOf(String name) {
        int place = SEVERITIES.indexOf(name.equals(SHORT_FORM) ? SEVERITIES.get(0) : name);
        if (place < 0) {
            throw new IllegalArgumentException(name);
        }
        return place + 1;
    }

    /** In the order of their numbers. */
    static List<String> severities() {
        return SEVERITIES;
    }

    @Override
    public boolean test(JsonNode alert) {
        return severityOfAlert(alert) >= severity
                && (rules.isEmpty() || rules.contains(rule(alert)))
                && (addresses.isEmpty() || about(alert));
    }

    private static int severityOfAlert(JsonNode alert) {
        if (alert.has("severity_id")) {
            return alert.path("severity_id").asInt();
        }
        return severityOf(alert.path("flow_sentinel").path("severity").asText());
    }

    private static String rule(JsonNode alert) {
        String ocsf = alert.path("metadata").path("event_code").asText();
        return ocsf.isEmpty() ? alert.path("rule").path("id").asText() : ocsf;
    }

    private boolean about(JsonNode alert) {
        JsonNode own = alert.has("unmapped") ? alert.path("unmapped") : alert.path("flow_sentinel");
        for (String field : ADDRESSES) {
            if (listed(own.path("entity").path(field))) {
                return true;
            }
        }
        for (JsonNode evidence : alert.path("evidences")) {
            if (listed(evidence.path("src_endpoint").path("ip"))
                    || listed(evidence.path("dst_endpoint").path("ip"))) {
                return true;
            }
        }
        for (JsonNode address : alert.path("related").path("ip")) {
            if (listed(address)) {
                return true;
            }
        }
        return false;
    }

    private boolean listed(JsonNode address) {
        return address.isTextual() && addresses.stream().anyMatch(block -> block.contains(address.asText()));
    }
}
