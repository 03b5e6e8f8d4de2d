package io.flowsentinel.detect;

import io.flowsentinel.model.Alert.Rule;
import io.flowsentinel.model.Alert.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A rule as it is in force.
 *
 * @param rule its catalogue entry
 * @param mode whether it speaks
 * @param severities what the detector says, in words, such as {@code external low; internal high}
 * @param severity overrides what the detector says; null where it does not
 * @param window how far back it looks; null for a rule that always judges the same stretch
 * @param judges that stretch in words, such as {@code a UTC day}; without meaning where there is a window
 * @param thresholds by name, sorted; unmodifiable
 * @param allow the allow-list, in the file's order
 */
record RuleSettings(
        Rule rule,
        Mode mode,
        String severities,
        Severity severity,
        Duration window,
        String judges,
        Map<String, Double> thresholds,
        List<AllowEntry> allow) {

    /** What a rule's findings become. */
    enum Mode {
        OFF,
        DRY_RUN,
        LIVE
    }

    String id() {
        return rule.id();
    }

    boolean on() {
        return mode != Mode.OFF;
    }

    /** The same, its findings held back. */
    RuleSettings dryRun() {
        return new RuleSettings(rule, Mode.DRY_RUN, severities, severity, window, judges, thresholds, allow);
    }

    double threshold(String name) {
        return thresholds.get(name);
    }
}
