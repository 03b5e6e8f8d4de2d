package io.flowsentinel.local;

import java.time.Instant;
import java.util.Map;

/**
 * What the last message of a finding says.
 *
 * @param id the same in every run over the same logs
 * @param rule id of the rule
 * @param severity informational, low, medium or high
 * @param status open or closed
 * @param title in words
 * @param count of what was counted
 * @param numbers the figures, by name
 * @param suppressedBy by what it is held back; empty for a finding that people were told of
 * @param firstSeen first event of it
 * @param lastSeen last event of it
 * @param entity who it is about, by field
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
        Instant firstSeen,
        Instant lastSeen,
        Map<String, String> entity) {

    static Finding of(AlertFields last) {
        return new Finding(
                last.findingId(),
                last.rule(),
                last.severity(),
                last.activity().equals("close") ? "closed" : "open",
                last.title(),
                last.count(),
                last.numbers(),
                last.suppressedBy(),
                last.firstSeen(),
                last.lastSeen(),
                last.entity());
    }
}
