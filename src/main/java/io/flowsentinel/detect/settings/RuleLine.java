package io.flowsentinel.detect.settings;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.stream.Collectors;

/** Describes a rule's settings in one line. */
final class RuleLine {

    private RuleLine() {}

    static String of(RuleSettings rule) {
        String mode = rule.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (!rule.on()) {
            return rule.id() + ": " + mode;
        }
        String thresholds = rule.thresholds().entrySet().stream()
                .map(entry -> ", " + entry.getKey() + " " + number(entry.getValue()))
                .collect(Collectors.joining());
        String window = rule.window() == null ? rule.judges() : rule.window().toMinutes() + " min";
        String allow =
                rule.allow().isEmpty() ? "" : ", allow-list " + rule.allow().size();
        return rule.id() + ": " + mode + thresholds + " in " + window + allow;
    }

    /** Without a trailing {@code .0}. */
    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
