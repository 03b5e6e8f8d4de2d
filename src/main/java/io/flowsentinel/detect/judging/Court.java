package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.settings.RuleSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What a family of rules makes of one subject's windows, and who mutes whom. It has all rules of the family, those that are
 * off too: state may hold findings of a rule that was on when it was written.
 */
public interface Court {

    /** The smallest number of counted connections with which any rule of the family can speak. */
    double least();

    /** Whether no rule of the family can speak yet, see {@link Detector#tooFew}. */
    default boolean tooFew(long weight, boolean remembers) {
        return weight < least();
    }

    /** Whether no rule of the family speaks of a pane in which nothing counts, see {@link Detector#speaksOnlyOfWhatCounts}. */
    default boolean speaksOnlyOfWhatCounts() {
        return false;
    }

    /** The only rule that speaks, if a glance can rule it out; else null. */
    default Detector onlyGlancing() {
        return null;
    }

    /**
     * Whether nothing will ever come of what was counted, if it remains at that: no rule can speak, and none learns from it.
     *
     * @param weight of all that counts
     */
    default boolean quiet(long weight) {
        return !remembers() && tooFew(weight, false);
    }

    /** The longest window of the family; null for rules that judge each pane alone. */
    Duration longest();

    /**
     * The sightings of one pane, in the order in which findings are made of them.
     *
     * @param windows the window of a rule that ends with the pane
     */
    List<Sighting> judge(OpenFindings findings, Function<RuleSettings, Window> windows, Memory memory);

    /** What those who settle findings have to know of the moment, beside findings. */
    default List<Prevalence> tell(Function<RuleSettings, Window> windows) {
        return List.of();
    }

    /** Learns from a pane that no window reaches any more; rules that are off learn too, for the day they are on. */
    void learn(long pane, List<PaneTally> tallies, Memory memory);

    /** Whether any rule of the family keeps anything in the memory. */
    default boolean remembers() {
        return learns();
    }

    /** Whether any rule of the family learns. */
    boolean learns();

    /** How many seconds after learning {@link #forget} is asked at the latest. */
    long rest();

    /** Forgets what was learned too long ago; when to be asked again, {@link Long#MAX_VALUE} for never. */
    long forget(Memory memory, long time);

    /** The id of the open finding that mutes a new one; null where none does. */
    String mutedBy(Sighting sighting, OpenFindings findings);

    /** Whether this version has the rule and it is not off. Of the findings of other rules nothing more is said. */
    boolean speaks(String ruleId);

    /** How alerts of a rule are worded, off or not. */
    Wording wording(String ruleId);

    /** The settings of a rule, off or not. */
    RuleSettings rule(String ruleId);
}
