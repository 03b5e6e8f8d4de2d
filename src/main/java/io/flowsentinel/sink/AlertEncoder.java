package io.flowsentinel.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.EntityField;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What alerts have in common whatever schema their bodies follow: key, headers, the entity. */
abstract class AlertEncoder extends JsonEncoder<Alert> {

    private static final Set<String> ADDRESSES = Set.of("originator", "responder", "peer", "endpoint");
    private static final Set<String> INTEGERS = Set.of("port", "protocol");

    @Override
    final String keyText(Alert alert) {
        return alert.findingId();
    }

    @Override
    public final Map<String, String> headers(Alert alert) {
        return Map.of(
                "rule-id", alert.rule().id(),
                "rule-version", String.valueOf(alert.rule().version()));
    }

    /** Whether it names hosts: an address, or a block of them. */
    static boolean namesHosts(EntityField field) {
        return ADDRESSES.contains(field.name());
    }

    static boolean isAddress(EntityField field) {
        return namesHosts(field) && !isBlock(field.value());
    }

    /** Whether a rule judges all addresses of a block together, such as {@code 203.0.113.0/24}. */
    static boolean isBlock(String value) {
        return value.indexOf('/') >= 0;
    }

    /** Writes the key fields of the rule, ports and protocols as numbers. */
    static void writeEntity(Alert alert, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("entity");
        for (EntityField field : alert.entity()) {
            if (INTEGERS.contains(field.name())) {
                json.writeNumberField(field.name(), Integer.parseInt(field.value()));
            } else {
                json.writeStringField(field.name(), field.value());
            }
        }
        json.writeEndObject();
    }

    /** Writes the figures behind the title, by name. */
    static void writeNumbers(Alert alert, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("numbers");
        for (Map.Entry<String, Long> number : new TreeMap<>(alert.numbers()).entrySet()) {
            json.writeNumberField(number.getKey(), number.getValue());
        }
        json.writeEndObject();
    }

    /** Writes the thresholds in force, by name. */
    static void writeThresholds(Alert alert, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("thresholds");
        for (Map.Entry<String, Double> threshold : new TreeMap<>(alert.thresholds()).entrySet()) {
            double value = threshold.getValue();
            // A count reads as people write it: 25, not 25.0.
            if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
                json.writeNumberField(threshold.getKey(), (long) value);
            } else {
                json.writeNumberField(threshold.getKey(), value);
            }
        }
        json.writeEndObject();
    }

    /** What else the rule has to say, in fields that both forms share. */
    static void writeContext(Alert alert, JsonGenerator json) throws IOException {
        if (alert.baselineSinceMillis() != Alert.NO_BASELINE) {
            json.writeNumberField("baseline_since", alert.baselineSinceMillis());
        }
        if (!alert.context().isEmpty()) {
            json.writeObjectFieldStart("context");
            for (Map.Entry<String, String> text : alert.context().entrySet()) {
                json.writeStringField(text.getKey(), text.getValue());
            }
            json.writeEndObject();
        }
    }
}
