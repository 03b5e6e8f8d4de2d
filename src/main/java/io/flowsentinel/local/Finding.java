package io.flowsentinel.local;

import java.time.Instant;
import java.util.Map;

/**
 * What the last message of a finding says, and when its first one was decided.
 *
 * @param id the same in every run over the same logs
 * @param rule id of the rule
 * @param severity informational, low, medium or high
 * @param status open or closed
 * @param title in words
 * @param count of what was counted
 * @param numbers the figures, by name
 * @param suppressedBy by what it is held back; empty for a finding that people were told of
 * @param alerted event time at which it was decided first
 * @param firstSeen first event of it
 * @param lastSeen last event of it
 * @param scope what keeps the addresses of the entity apart from equal ones; empty for none
 * @param entity who it is about, by field
 * @param rulesVersion what names the rules it was decided by
 * @param lists the lists its address is on, and their versions; empty for none
 */
record Finding(
        String id,
        String rule,
        String severity,
        String status,
        String title,
        long count,
        Map<String, String> numbers,
        String suppressedBy,
        Instant alerted,
        Instant firstSeen,
        Instant lastSeen,
        String scope,
        Map<String, String> entity,
        String rulesVersion,
        String lists) {

    /** What the first and the last message of a finding, by the time of their decision, make of it. */
    static Finding of(AlertFields first, AlertFields last) {
        return new Finding(
                last.findingId(),
                last.rule(),
                last.severity(),
                last.activity().equals("close") ? "closed" : "open",
                last.title(),
                last.count(),
                last.numbers(),
                last.suppressedBy(),
                first.time(),
                last.firstSeen(),
                last.lastSeen(),
                last.scope(),
                last.entity(),
                last.rulesVersion(),
                last.lists());
    }

    /** Whether both tell of the same doing of the same one: they are of one rule and entity, and overlap in time. */
    boolean isAbout(Finding other) {
        return rule.equals(other.rule)
                && scope.equals(other.scope)
                && entity.equals(other.entity)
                && !firstSeen.isAfter(other.lastSeen)
                && !other.firstSeen.isAfter(lastSeen);
    }
}
