package io.flowsentinel.model;

import java.util.Map;
import java.util.TreeMap;

/**
 * Amounts to add to the accounts of a run. Names are the keys of {@code report.json}; {@code alerts_by_rule.<rule id>}
 * stands for an entry below {@code alerts_by_rule}.
 *
 * @param amounts name to amount; unmodifiable, sorted by name
 */
public record Accounts(Map<String, Long> amounts) {

    public static final String OBJECTS_FOUND = "objects_found";
    public static final String OBJECTS_READ = "objects_read";
    public static final String OBJECTS_FAILED = "objects_failed";
    public static final String OBJECTS_STRAY = "objects_stray";
    public static final String BYTES_READ = "bytes_read";
    public static final String LINES_READ = "lines_read";
    public static final String HEADER_LINES = "header_lines";
    public static final String RECORDS_OK = "records_ok";
    public static final String RECORDS_NODATA = "records_nodata";
    public static final String RECORDS_SKIPDATA = "records_skipdata";
    public static final String RECORDS_QUARANTINED = "records_quarantined";
    public static final String RECORDS_DUPLICATE = "records_duplicate";
    public static final String RECORDS_LATE = "records_late";
    public static final String CONNECTIONS = "connections";
    public static final String ALERTS = "alerts";
    public static final String ALERTS_BY_RULE = "alerts_by_rule.";
    public static final String ALERT_MESSAGES = "alert_messages";
    public static final String SUPPRESSED = "suppressed";
    public static final String OBJECTS_RETRIED = "objects_retried";

    public static final String LIST_CALLS = "list_calls";
    public static final String LIST_FAILURES = "list_failures";

    /** Start of the last closed slot, epoch seconds. */
    public static final String SLOT_REACHED = "slot_reached";

    public static final Accounts NONE = new Accounts(Map.of());

    public static Accounts of(String name, long amount) {
        return new Accounts(Map.of(name, amount));
    }

    /** The sum, name by name. */
    public Accounts plus(Accounts other) {
        Map<String, Long> sum = new TreeMap<>(amounts);
        other.amounts.forEach((name, amount) -> sum.merge(name, amount, Long::sum));
        return new Accounts(java.util.Collections.unmodifiableMap(sum));
    }

    public long get(String name) {
        return amounts.getOrDefault(name, 0L);
    }
}
