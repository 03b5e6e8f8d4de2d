package io.flowsentinel.detect;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** What a group of rules makes of one key's windows, and who mutes whom. */
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
    List<Sighting> judge(Watched watched, Function<RuleSettings, Window> windows);

    /** The id of the open finding that mutes a new one; null where none does. */
    String mutedBy(Sighting sighting, Watched watched);

    Wording wording(String ruleId);

    RuleSettings rule(String ruleId);
}
