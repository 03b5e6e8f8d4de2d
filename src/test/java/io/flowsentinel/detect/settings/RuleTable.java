package io.flowsentinel.detect.settings;

import io.flowsentinel.model.Alert.Technique;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The README's table of rules, made of what is in force. */
final class RuleTable {

    static final List<String> HEAD =
            List.of("| rule | fires when | thresholds | looks at | severity | ATT&CK |", "|---|---|---|---|---|---|");

    private static final String NONE = "–";

    private RuleTable() {}

    /** Header and a row a rule, in the shipped order. */
    static List<String> of(Rules rules) {
        List<String> lines = new ArrayList<>(HEAD);
        rules.all().values().forEach(rule -> lines.add(row(rule)));
        return lines;
    }

    private static String row(RuleSettings rule) {
        return "| `%s` | %s | %s | %s | %s | %s |"
                .formatted(
                        rule.id(),
                        rule.rule().description(),
                        thresholds(rule),
                        window(rule),
                        rule.severities(),
                        techniques(rule));
    }

    private static String thresholds(RuleSettings rule) {
        String all = rule.thresholds().entrySet().stream()
                .map(entry -> entry.getKey() + " " + RuleLine.number(entry.getValue()))
                .collect(Collectors.joining(", "));
        String mode = rule.mode() == RuleSettings.Mode.LIVE
                ? ""
                : rule.mode().name().toLowerCase(Locale.ROOT).replace('_', '-') + "; ";
        return all.isEmpty() && mode.isEmpty() ? NONE : mode + all;
    }

    private static String window(RuleSettings rule) {
        Duration window = rule.window();
        if (window == null) {
            return rule.judges();
        }
        return window.toMinutesPart() == 0 ? window.toHours() + " h" : window.toMinutes() + " min";
    }

    private static String techniques(RuleSettings rule) {
        String all = rule.rule().attacks().stream().map(Technique::id).collect(Collectors.joining(", "));
        return all.isEmpty() ? NONE : all;
    }
}
