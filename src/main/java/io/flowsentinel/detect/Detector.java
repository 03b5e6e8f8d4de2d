package io.flowsentinel.detect;

import java.util.List;

/** Says where one rule's condition holds. No Flink, no clock, no memory: what it needs is in the window. */
interface Detector {

    RuleSettings rule();

    /** The fewest counted cells, or connections, with which the condition can hold. */
    double least();

    /** One sighting per entity for which the condition holds at the window's end, in a fixed order. */
    List<Sighting> judge(Window window);

    /** What an alert about an episode of this rule says, in words. */
    Wording wording();
}
