package io.flowsentinel.detect.judging;

import java.util.function.Predicate;

/** The open findings of one subject, as far as rules that know of each other ask. */
public interface OpenFindings {

    /** Whether the finding is open that a sighting would go on with. */
    boolean has(Sighting sighting);

    /**
     * The id of an open finding that nothing suppresses; of several the first in an order that is the same in every replay,
     * null for none.
     *
     * @param ruleIds which rules' findings are asked for
     */
    String firstOf(Predicate<String> ruleIds);
}
