package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.RuleSettings.Mode;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A detector's word that its condition holds for one entity in one window.
 *
 * @param rule the rule, with the settings in force
 * @param scope scope of the entity; null where it has none
 * @param entity the key fields of the rule, in order
 * @param within what tells it apart from others of an equal entity, such as the scope of a host's address; empty for nothing
 * @param severity as far as this window goes, before a rules file overrides it
 * @param threshold what the measure was held against
 * @param measure name of the number of the alert that grows from Update to Update
 * @param day start of the UTC day the finding is about; {@link #ANY_DAY} for a sliding window
 * @param allowedBy the allow-list entry without which there would be something to say, or {@code translated}; null
 *     where nothing holds it back
 * @param tallies what contributes, by pane
 * @param distinct named sets of fingerprints whose sizes are numbers of the alert; may be empty
 * @param peaks named numbers of which the alert shows the largest; may be empty
 * @param anomaly what was seen, or the name under which it is listed, against what is usual; null for a rule that learns
 *     nothing
 * @param baselineSince epoch seconds from which on what is usual was learned; {@link #ANY_DAY} where nothing is
 * @param ties whom it is about, to be muted by or to mute findings about the same, see {@link Ties}
 * @param context further texts of the alert by name; may be empty
 * @param listed names of things by the name of the number that counts them, a text of the alert; may be empty
 * @param notable what the evidence has to show; null where nothing stands out
 * @param kinds name of a further number in which what a tally counts is added up; null for none
 */
public record Sighting(
        RuleSettings rule,
        String scope,
        List<EntityField> entity,
        String within,
        Severity severity,
        double threshold,
        String measure,
        long day,
        String allowedBy,
        List<PaneTally> tallies,
        Map<String, Set<Long>> distinct,
        Map<String, Long> peaks,
        Anomaly anomaly,
        long baselineSince,
        List<String> ties,
        Map<String, String> context,
        Map<String, Set<String>> listed,
        Notable notable,
        Function<Cell, String> kinds) {

    /** Of a day or a moment: there is none. */
    public static final long ANY_DAY = Long.MIN_VALUE;

    /** The measure of rules that count connections. */
    public static final String CONNECTIONS = "connections";

    /** The number of what counts where that are single records. */
    public static final String RECORDS = "records";

    /** Name of the text that says what is guessed of it: such a finding is less sure. */
    public static final String DEGRADED = "degraded";

    /** In front of the name of a number: the same of UDP. */
    public static final String UDP = "udp_";

    /**
     * A tally and where it stands.
     *
     * @param pane start of the pane
     * @param cell what was counted
     * @param tally the count
     */
    public record PaneTally(long pane, Cell cell, Tally tally) {}

    /** Begins with what every sighting has: the rule, whom it is about, and what contributes. */
    public static Builder of(RuleSettings rule, List<EntityField> entity, List<PaneTally> tallies) {
        return new Builder(rule, entity, tallies);
    }

    /** The same, held back for a reason, unless it is already. */
    public Sighting heldBackBy(String reason) {
        if (allowedBy != null) {
            return this;
        }
        return new Sighting(
                rule,
                scope,
                entity,
                within,
                severity,
                threshold,
                measure,
                day,
                reason,
                tallies,
                distinct,
                peaks,
                anomaly,
                baselineSince,
                ties,
                context,
                listed,
                notable,
                kinds);
    }

    /** Whether it becomes a finding that somebody sees. */
    public boolean live() {
        return allowedBy == null && rule.mode() == Mode.LIVE;
    }

    /** Text form of the entity: {@code field=value}, one space between. */
    public String entityText() {
        return textOf(entity);
    }

    static String textOf(List<EntityField> entity) {
        return entity.stream().map(field -> field.name() + "=" + field.value()).collect(Collectors.joining(" "));
    }

    /**
     * One open episode per rule and entity, and what that is within; what an allow-list covers is told apart from what it
     * does not.
     */
    public String episodeKey() {
        String lane = allowedBy == null ? " " : " allowed ";
        return rule.id() + lane + (day == ANY_DAY ? "" : day + " ") + within + entityText();
    }

    /** Puts a sighting together; what is not said has the value for absence. */
    public static final class Builder {

        private final RuleSettings rule;
        private final List<EntityField> entity;
        private final List<PaneTally> tallies;
        private final Map<String, Set<Long>> distinct = new TreeMap<>();
        private final Map<String, Long> peaks = new TreeMap<>();
        private final Map<String, String> context = new TreeMap<>();
        private final Map<String, Set<String>> listed = new TreeMap<>();
        private String scope;
        private String within = "";
        private Severity severity = Severity.MEDIUM;
        private double threshold = 1;
        private String measure = CONNECTIONS;
        private long day = ANY_DAY;
        private String allowedBy;
        private Anomaly anomaly;
        private long baselineSince = ANY_DAY;
        private List<String> ties = List.of();
        private Notable notable;
        private Function<Cell, String> kinds;

        private Builder(RuleSettings rule, List<EntityField> entity, List<PaneTally> tallies) {
            this.rule = rule;
            this.entity = entity;
            this.tallies = tallies;
        }

        /** Scope of the entity; without, it has none. */
        public Builder scope(String text) {
            scope = text;
            return this;
        }

        /** A scope that tells it apart from others of an equal entity of the same subject; null for none. */
        public Builder withinScope(String text) {
            within = text == null ? "" : text + " ";
            return scope(text);
        }

        /** As far as this window goes; medium where it is not said. */
        public Builder severity(Severity level) {
            severity = level;
            return this;
        }

        /** What was held against which threshold. */
        public Builder over(String number, double limit) {
            measure = number;
            threshold = limit;
            return this;
        }

        /** Epoch seconds of the start of the UTC day it is about; without, it is about a sliding window. */
        public Builder day(long start) {
            day = start;
            return this;
        }

        /** The allow-list entry that holds it back; null for none. */
        public Builder allowedBy(String entry) {
            allowedBy = entry;
            return this;
        }

        /** Adds a number of the alert: how many different things these are. */
        public Builder distinct(String name, Set<Long> fingerprints) {
            distinct.put(name, fingerprints);
            return this;
        }

        /** Adds a number of the alert, which shows the largest of all windows. */
        public Builder peak(String name, long value) {
            peaks.put(name, value);
            return this;
        }

        /** What was seen against what is usual, and from which epoch second on that was learned. */
        public Builder anomaly(Anomaly seen, long since) {
            anomaly = seen;
            baselineSince = since;
            return this;
        }

        /** From which epoch second on what is usual was learned, where no anomaly says so. */
        public Builder baselineSince(long since) {
            baselineSince = since;
            return this;
        }

        /** Whom it is about, see {@link Ties}; without, it is about nobody. */
        public Builder ties(List<String> whom) {
            ties = whom;
            return this;
        }

        /** Adds a text of the alert. */
        public Builder context(String name, String text) {
            context.put(name, text);
            return this;
        }

        /** Names what is counted under a name. */
        public Builder list(String name, Set<String> names) {
            listed.put(name, names);
            return this;
        }

        /** What the evidence has to show; null for nothing. */
        public Builder notable(Notable one) {
            notable = one;
            return this;
        }

        /** Counts connections apart, each under the name of its kind. */
        public Builder kinds(Function<Cell, String> kind) {
            kinds = kind;
            return this;
        }

        /** The sighting with all that was said of it. */
        public Sighting build() {
            return new Sighting(
                    rule,
                    scope,
                    entity,
                    within,
                    severity,
                    threshold,
                    measure,
                    day,
                    allowedBy,
                    tallies,
                    distinct,
                    peaks,
                    anomaly,
                    baselineSince,
                    ties,
                    context,
                    listed,
                    notable,
                    kinds);
        }
    }
}
