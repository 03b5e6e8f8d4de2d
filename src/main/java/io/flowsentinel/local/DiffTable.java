package io.flowsentinel.local;

import io.flowsentinel.local.FindingsDiff.Change;
import io.flowsentinel.local.FindingsDiff.Difference;
import io.flowsentinel.local.FindingsDiff.Kind;
import io.flowsentinel.sink.AlertLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The differences between two runs as aligned lines for people.
 *
 * @param colour whether to use ANSI colours
 */
record DiffTable(boolean colour) {

    private static final String PLAIN = "\u001b[0m";
    private static final String INDENT = " ".repeat(9);
    private static final int KIND = 7;

    /**
     * The lines, a summary first.
     *
     * @param reasons what came late of a finding
     */
    List<String> of(FindingsDiff diff, ComparedRange range, Function<Finding, List<String>> reasons) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "Findings: %,d the same, %,d new, %,d gone, %,d changed",
                diff.same(),
                diff.count(Kind.NEW),
                diff.count(Kind.GONE),
                diff.count(Kind.CHANGED)));
        int rule = width(diff, one -> one.finding().rule());
        int title = width(diff, one -> AlertLine.printable(one.finding().title()));
        for (Difference one : diff.differences()) {
            Finding finding = one.finding();
            lines.add(painted(one.kind()) + "  " + finding.firstSeen() + "  "
                    + new AlertLine(colour).severity(finding.severity().toUpperCase(Locale.ROOT)) + "  "
                    + padded(finding.rule(), rule) + "  " + padded(AlertLine.printable(finding.title()), title) + "  ["
                    + entity(finding.entity()) + "]");
            if (!one.changes().isEmpty()) {
                lines.add(INDENT + one.changes().stream().map(DiffTable::words).collect(Collectors.joining("; ")));
            }
            if (one.kind() != Kind.CHANGED && !finding.suppressedBy().isEmpty()) {
                lines.add(INDENT + "suppressed by " + AlertLine.printable(finding.suppressedBy()));
            }
            reasons.apply(finding).forEach(reason -> lines.add(INDENT + AlertLine.printable(reason)));
            if (range.isAtEdge(finding)) {
                lines.add(INDENT + "at an end of the range: what lies beyond it may be the difference");
            }
        }
        return lines;
    }

    private static int width(FindingsDiff diff, Function<Difference, String> column) {
        return diff.differences().stream()
                .mapToInt(one -> column.apply(one).length())
                .max()
                .orElse(0);
    }

    private static String words(Change change) {
        return AlertLine.printable(change.field() + " " + shown(change.before()) + " -> " + shown(change.after()));
    }

    private static String shown(String value) {
        return value.isEmpty() ? "none" : value;
    }

    private static String entity(Map<String, String> entity) {
        return entity.entrySet().stream()
                .map(field -> field.getKey() + "=" + AlertLine.printable(field.getValue()))
                .collect(Collectors.joining(" "));
    }

    private String painted(Kind kind) {
        String text = padded(kind.name(), KIND);
        if (!colour) {
            return text;
        }
        return switch (kind) {
            case NEW -> "\u001b[32m" + text + PLAIN;
            case GONE -> "\u001b[31m" + text + PLAIN;
            case CHANGED -> "\u001b[33m" + text + PLAIN;
        };
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
