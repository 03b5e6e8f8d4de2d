package io.flowsentinel.detect;

import io.flowsentinel.detect.rule.Catalogue;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.detect.settings.RulesBytes;
import io.flowsentinel.model.RulesChange;

/** Rules as they are sent to everybody who decides by them, with the ages they ask for of connections that are open. */
public final class RulesChanges {

    private RulesChanges() {}

    /**
     * Rules as those a job starts with.
     *
     * @param submission names the start of the job, see {@link RulesChange#submission}
     */
    public static RulesChange given(Rules rules, String submission) {
        return RulesChange.given(rules.versionWithLists(), Catalogue.ages(rules), submission);
    }

    /**
     * Rules as other ones than before.
     *
     * @param millis epoch milliseconds of event time after which they decide
     */
    static RulesChange after(long millis, Rules rules) {
        return new RulesChange(millis, rules.versionWithLists(), Catalogue.ages(rules), RulesBytes.of(rules));
    }
}
