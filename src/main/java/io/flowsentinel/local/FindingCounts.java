package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many findings of which severity each rule has made, by their Creates. For all threads. */
final class FindingCounts {

    private static final Comparator<String> WORST_FIRST =
            Comparator.comparing(AlertFilter::severityOf).reversed().thenComparing(Comparator.naturalOrder());

    private final Map<String, Map<String, Long>> byRule = new TreeMap<>();

    synchronized void add(JsonNode message) {
        AlertFields alert = new AlertFields(message);
        if (alert.activity().equals("create")) {
            byRule.computeIfAbsent(alert.rule(), first -> new TreeMap<>(WORST_FIRST))
                    .merge(alert.severity(), 1L, Long::sum);
        }
    }

    /** Such as {@code 2 high, 1 medium}; empty for a rule of which none was seen. */
    synchronized String of(String rule) {
        return byRule.getOrDefault(rule, Map.of()).entrySet().stream()
                .map(one -> String.format(Locale.ROOT, "%,d %s", one.getValue(), one.getKey()))
                .collect(Collectors.joining(", "));
    }
}
