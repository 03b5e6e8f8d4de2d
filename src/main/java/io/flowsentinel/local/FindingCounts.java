package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How many findings of which severity each rule has made, each under the highest that it reached. For all threads. */
final class FindingCounts {

    private static final Comparator<String> WORST_FIRST =
            Comparator.comparing(AlertFilter::severityOf).reversed().thenComparing(Comparator.naturalOrder());

    /** Of open findings the highest severity so far, by rule and finding id. */
    private final Map<String, Map<String, String>> open = new TreeMap<>();

    /** Of closed ones how many reached which, by rule and severity. */
    private final Map<String, Map<String, Long>> closed = new TreeMap<>();

    /** Counts messages that stand in any order: those of a finding may be in several files. */
    void addAll(List<JsonNode> messages) {
        messages.stream()
                .sorted(Comparator.comparing(AlertFields::new, FindingBook.ORDER))
                .forEach(this::add);
    }

    /** Counts the next message; those of a finding come in their order. */
    synchronized void add(JsonNode message) {
        AlertFields alert = new AlertFields(message);
        Map<String, String> ofRule = open.computeIfAbsent(alert.rule(), first -> new HashMap<>());
        ofRule.merge(
                alert.findingId(),
                alert.severity(),
                (known, told) -> WORST_FIRST.compare(told, known) < 0 ? told : known);
        if (alert.activity().equals("close")) {
            closed.computeIfAbsent(alert.rule(), first -> new TreeMap<>())
                    .merge(ofRule.remove(alert.findingId()), 1L, Long::sum);
        }
    }

    /** Of all rules; 0 where none was seen. */
    synchronized long findings() {
        return open()
                + closed.values().stream()
                        .flatMap(counts -> counts.values().stream())
                        .mapToLong(count -> count)
                        .sum();
    }

    /** Of all rules, those that are not closed; 0 where none was seen. */
    synchronized long open() {
        return open.values().stream().mapToLong(Map::size).sum();
    }

    /** Such as {@code 2 high, 1 medium}; empty for a rule of which none was seen. */
    synchronized String of(String rule) {
        Map<String, Long> counts = new TreeMap<>(WORST_FIRST);
        counts.putAll(closed.getOrDefault(rule, Map.of()));
        open.getOrDefault(rule, Map.of()).values().forEach(severity -> counts.merge(severity, 1L, Long::sum));
        return counts.entrySet().stream()
                .map(one -> String.format(Locale.ROOT, "%,d %s", one.getValue(), one.getKey()))
                .collect(Collectors.joining(", "));
    }
}
