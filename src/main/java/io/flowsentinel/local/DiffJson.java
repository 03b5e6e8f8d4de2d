package io.flowsentinel.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.local.FindingsDiff.Difference;
import io.flowsentinel.local.FindingsDiff.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * The differences between two runs for tools.
 *
 * @param before where the first run's feeds are, or its rules
 * @param after the same of the second
 */
record DiffJson(String before, String after) {

    /**
     * What two runs have found, and under what.
     *
     * @param before of the first run
     * @param after of the second
     */
    record Compared(FindingsDiff diff, Conditions before, Conditions after) {}

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Writes the differences, over a former file. */
    void write(Path file, Compared compared, ComparedRange range, Function<Finding, List<String>> reasons)
            throws IOException {
        Files.write(file, JSON.writeValueAsBytes(json(compared, range, reasons)));
    }

    ObjectNode json(Compared compared, ComparedRange range, Function<Finding, List<String>> reasons) {
        FindingsDiff diff = compared.diff();
        ObjectNode json = JSON.createObjectNode();
        json.put("before", before);
        json.put("after", after);
        json.put("from", range.after() == null ? null : range.after().toString());
        json.put("to", range.through().toString());
        put(json, "rules_before", compared.before().rules());
        put(json, "rules_after", compared.after().rules());
        put(json, "lists_before", compared.before().lists());
        put(json, "lists_after", compared.after().lists());
        json.put("same", diff.same());
        for (Kind kind : Kind.values()) {
            ArrayNode ofKind = json.putArray(kind.name().toLowerCase(Locale.ROOT));
            diff.differences().stream()
                    .filter(one -> one.kind() == kind)
                    .forEach(one -> ofKind.add(row(one, range, reasons)));
        }
        return json;
    }

    private static void put(ObjectNode json, String field, Set<String> names) {
        ArrayNode all = json.putArray(field);
        names.forEach(all::add);
    }

    private static ObjectNode row(Difference one, ComparedRange range, Function<Finding, List<String>> reasons) {
        Finding finding = one.finding();
        ObjectNode row = JSON.createObjectNode();
        row.put("finding_id", finding.id());
        row.put("former_finding_id", one.formerId());
        row.put("rule", finding.rule());
        row.put("severity", finding.severity());
        row.put("status", finding.status());
        row.put("title", finding.title());
        row.put("alerted", finding.alerted().toString());
        row.put("first_seen", finding.firstSeen().toString());
        row.put("last_seen", finding.lastSeen().toString());
        row.put("count", finding.count());
        row.put("suppressed_by", finding.suppressedBy().isEmpty() ? null : finding.suppressedBy());
        ObjectNode entity = row.putObject("entity");
        finding.entity().forEach(entity::put);
        ObjectNode numbers = row.putObject("numbers");
        finding.numbers().forEach(numbers::put);
        ArrayNode changes = row.putArray("changes");
        one.changes().forEach(change -> changes.addObject()
                .put("field", change.field())
                .put("before", change.before().isEmpty() ? null : change.before())
                .put("after", change.after().isEmpty() ? null : change.after()));
        ArrayNode late = row.putArray("late");
        reasons.apply(finding).forEach(late::add);
        row.put("at_edge", range.isAtEdge(finding));
        return row;
    }
}
