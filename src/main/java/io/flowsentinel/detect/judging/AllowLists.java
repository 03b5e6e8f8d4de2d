package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.settings.AllowEntry;
import io.flowsentinel.detect.settings.RuleSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What allow-lists mean to all rules alike: what they cover accuses nobody. Only where it takes covered connections too
 * for the condition to hold, there is a sighting that names the entry, for the suppressed feed.
 */
public final class AllowLists {

    private AllowLists() {}

    /**
     * Asks for the condition of what no entry covers, then of everything.
     *
     * @param ruleId key of {@link Cell#allowedBy}
     * @param all what counts for one entity, at least one
     * @param condition the sighting so far; null where the condition does not hold
     */
    public static Optional<Sighting> accuse(
            String ruleId, List<PaneTally> all, Function<List<PaneTally>, Sighting.Builder> condition) {
        List<PaneTally> accused = all.stream()
                .filter(entry -> !entry.cell().allowedBy().containsKey(ruleId))
                .toList();
        Sighting.Builder held = accused.isEmpty() ? null : condition.apply(accused);
        if (held == null && accused.size() < all.size()) {
            held = condition.apply(all);
            if (held != null) {
                held.allowedBy(firstEntry(ruleId, all));
            }
        }
        return Optional.ofNullable(held).map(Sighting.Builder::build);
    }

    /** For {@link Cell#allowedBy}: of each rule the first entry that covers the connection. */
    public static Map<String, String> covering(List<RuleSettings> rules, ClosedConnection connection) {
        Map<String, String> allowedBy = Map.of();
        for (RuleSettings rule : rules) {
            AllowEntry entry = AllowEntry.first(rule.allow(), connection.connection());
            if (entry != null) {
                allowedBy = with(allowedBy, rule.id(), entry.text());
            }
        }
        return allowedBy;
    }

    private static Map<String, String> with(Map<String, String> before, String ruleId, String entry) {
        if (before.isEmpty()) {
            return Map.of(ruleId, entry);
        }
        Map<String, String> all = new HashMap<>(before);
        all.put(ruleId, entry);
        return Map.copyOf(all);
    }

    private static String firstEntry(String ruleId, List<PaneTally> tallies) {
        return tallies.stream()
                .map(entry -> entry.cell().allowedBy().get(ruleId))
                .filter(entry -> entry != null)
                .findFirst()
                .orElseThrow();
    }
}
