package io.flowsentinel.detect;

import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A detector's word that its condition holds for one entity in one window.
 *
 * @param rule the rule, with the settings in force
 * @param scope scope of the entity; null where it has none
 * @param entity the key fields of the rule, in order
 * @param severity as far as this window goes, before a rules file overrides it
 * @param threshold what the first of the distinct sets, or the connections, were held against
 * @param internal whether the one who is judged is internal; chooses words only
 * @param day start of the UTC day the finding is about; {@link #ANY_DAY} for a sliding window
 * @param allowedBy the allow-list entry without which there would be something to say; null where none
 * @param tallies what contributes, by pane
 * @param distinct named sets of fingerprints whose sizes are the numbers of the alert; may be empty
 */
record Sighting(
        RuleSettings rule,
        String scope,
        List<EntityField> entity,
        Severity severity,
        double threshold,
        boolean internal,
        long day,
        String allowedBy,
        List<PaneTally> tallies,
        Map<String, Set<Long>> distinct) {

    static final long ANY_DAY = Long.MIN_VALUE;

    /**
     * A tally and where it stands.
     *
     * @param pane start of the pane
     * @param cell what was counted
     * @param tally the count
     */
    record PaneTally(long pane, Cell cell, Tally tally) {}

    /** Text form of the entity: {@code field=value}, one space between. */
    String entityText() {
        return textOf(entity);
    }

    static String textOf(List<EntityField> entity) {
        return entity.stream().map(field -> field.name() + "=" + field.value()).collect(Collectors.joining(" "));
    }

    /** One open episode per rule and entity; what an allow-list covers is told apart from what it does not. */
    String episodeKey() {
        String lane = allowedBy == null ? " " : " allowed ";
        return rule.id() + lane + (day == ANY_DAY ? "" : day + " ") + entityText();
    }
}
