package io.flowsentinel.detect.settings;

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
public record RuleSettings(
        Rule rule,
        Mode mode,
        String severities,
        Severity severity,
        Duration window,
        String judges,
        Map<String, Double> thresholds,
        List<AllowEntry> allow) {

    /** The most a threshold may ask for. */
    public static final int HIGHEST_THRESHOLD = 10_000;

    /** What a rule's findings become. */
    public enum Mode {
        OFF,
        DRY_RUN,
        LIVE
    }

    /** Such as {@code port-scan}. */
    public String id() {
        return rule.id();
    }

    /** Whether it judges, be it in a dry run. */
    public boolean on() {
        return mode != Mode.OFF;
    }

    /** The same, its findings held back. */
    public RuleSettings dryRun() {
        return new RuleSettings(rule, Mode.DRY_RUN, severities, severity, window, judges, thresholds, allow);
    }

    /** The threshold of a name the rule has. */
    public double threshold(String name) {
        return thresholds.get(name);
    }
}
