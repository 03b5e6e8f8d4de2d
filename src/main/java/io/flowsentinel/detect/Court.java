package io.flowsentinel.detect;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What a group of rules makes of one key's windows, and who mutes whom. It has all rules of the group, those that are
 * off too: state may hold findings of a rule that was on when it was written.
 */
interface Court {

    /** The smallest number of counted connections with which any rule of the group can speak. */
    double least();

    /** The longest window of the group; null for rules that judge each pane alone. */
    Duration longest();

    /**
     * The sightings of one pane, in the order in which findings are made of them.
     *
     * @param windows the window of a rule that ends with the pane
     */
    List<Sighting> judge(Findings findings, Function<RuleSettings, Window> windows);

    /** The id of the open finding that mutes a new one; null where none does. */
    String mutedBy(Sighting sighting, Findings findings);

    /** Whether this version has the rule and it is not off. Of the findings of other rules nothing more is said. */
    boolean speaks(String ruleId);

    /** How alerts of a rule are worded, off or not. */
    Wording wording(String ruleId);

    /** The settings of a rule, off or not. */
    RuleSettings rule(String ruleId);
}
