package io.flowsentinel.local;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.sink.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A finished run in a few lines. */
final class Summary {

    private Summary() {}

    /**
     * The lines.
     *
     * @param narrowed whether a range or a filter was set
     * @param firstAlert when the first alert was seen
     * @param counts what is known of the findings
     * @param suppressed what is known of those held back
     */
    static List<String> of(
            Report report,
            boolean narrowed,
            Optional<Duration> firstAlert,
            FindingCounts counts,
            FindingCounts suppressed) {
        Accounts accounts = report.accounts();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "Done in %.1f s, %,d records/s%s",
                report.elapsed().toMillis() / 1000.0,
                report.recordsPerSecond(),
                firstAlert
                        .map(after ->
                                String.format(Locale.ROOT, ", first alert after %.1f s", after.toMillis() / 1000.0))
                        .orElse("")));
        if (accounts.get(Accounts.OBJECTS_FOUND) == 0) {
            lines.add("Nothing was read: source.uri holds no flow log object"
                    + (narrowed ? " of the range and filter asked for" : ""));
        }
        row(
                lines,
                "objects read",
                accounts.get(Accounts.OBJECTS_READ),
                other(accounts, Accounts.OBJECTS_FAILED, "failed"));
        row(
                lines,
                "flow records",
                accounts.get(Accounts.RECORDS_OK),
                other(accounts, Accounts.RECORDS_DUPLICATE, "duplicate")
                        + other(accounts, Accounts.RECORDS_LATE, "late"));
        row(lines, "quarantined", accounts.get(Accounts.RECORDS_QUARANTINED), "");
        row(lines, "connections", accounts.get(Accounts.CONNECTIONS), "");
        findings(lines, "alerts", accounts.get(Accounts.ALERTS), accounts.get(Accounts.ALERT_MESSAGES));
        byRule(accounts).forEach((rule, alerts) -> {
            String severities = counts.of(rule);
            row(lines, "  " + rule, alerts, severities.isEmpty() ? "" : "  (" + severities + ")");
        });
        if (counts.open() > 0) {
            row(lines, "open at the end", counts.open(), ", whose figures are those of their last message");
        }
        long heldBack = accounts.get(Accounts.SUPPRESSED);
        if (heldBack > 0 && suppressed.findings() > 0) {
            findings(lines, "suppressed", suppressed.findings(), heldBack);
        } else if (heldBack > 0) {
            row(lines, "suppressed messages", heldBack, "");
        }
        return lines;
    }

    /** A finding has a message when it is opened, and more as it grows and is over. */
    private static void findings(List<String> lines, String name, long findings, long messages) {
        String rest = String.format(
                Locale.ROOT,
                " %s in %,d %s",
                findings == 1 ? "finding" : "findings",
                messages,
                messages == 1 ? "message" : "messages");
        row(lines, name, findings, messages == 0 ? "" : rest);
    }

    private static void row(List<String> lines, String name, long amount, String rest) {
        lines.add(String.format(Locale.ROOT, "  %-26s %,12d%s", name, amount, rest));
    }

    private static String other(Accounts accounts, String name, String word) {
        long amount = accounts.get(name);
        return amount == 0 ? "" : String.format(Locale.ROOT, ", %,d %s", amount, word);
    }

    private static Map<String, Long> byRule(Accounts accounts) {
        Map<String, Long> byRule = new TreeMap<>();
        accounts.amounts().forEach((name, amount) -> {
            if (name.startsWith(Accounts.ALERTS_BY_RULE)) {
                byRule.put(name.substring(Accounts.ALERTS_BY_RULE.length()), amount);
            }
        });
        return byRule;
    }
}
