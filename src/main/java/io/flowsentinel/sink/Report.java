package io.flowsentinel.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.model.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * The accounts of a run for people and their tools: {@code report.json}.
 *
 * @param accounts the totals
 * @param runId as in the Kafka header {@code run-id}
 * @param elapsed from the start of the job to its end, by the wall clock
 */
public record Report(Accounts accounts, String runId, Duration elapsed) {

    /** The counts every report has, zeros included, in the order they are written. */
    static final List<String> COUNTS = List.of(
            Accounts.OBJECTS_FOUND,
            Accounts.OBJECTS_READ,
            Accounts.OBJECTS_FAILED,
            Accounts.OBJECTS_STRAY,
            Accounts.BYTES_READ,
            Accounts.LINES_READ,
            Accounts.HEADER_LINES,
            Accounts.RECORDS_OK,
            Accounts.RECORDS_NODATA,
            Accounts.RECORDS_SKIPDATA,
            Accounts.RECORDS_QUARANTINED,
            Accounts.RECORDS_DUPLICATE,
            Accounts.RECORDS_LATE,
            Accounts.CONNECTIONS,
            Accounts.ALERTS,
            Accounts.ALERT_MESSAGES,
            Accounts.SUPPRESSED,
            Accounts.OBJECTS_RETRIED,
            Accounts.LIST_CALLS,
            Accounts.LIST_FAILURES);

    private static final long MILLIS_PER_SECOND = 1000;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Writes the report, over a former one. */
    public void write(Path file) throws IOException {
        Files.write(file, JSON.writeValueAsBytes(json()));
    }

    /** The report as JSON. */
    public ObjectNode json() {
        ObjectNode report = JSON.createObjectNode();
        for (String name : COUNTS) {
            report.put(name, accounts.get(name));
            if (name.equals(Accounts.ALERTS)) {
                report.set("alerts_by_rule", alertsByRule());
            }
        }
        report.put(Accounts.SLOT_REACHED, slotReached());
        report.put("run_id", runId);
        report.put("elapsed_ms", elapsed.toMillis());
        report.put("records_per_second", recordsPerSecond());
        return report;
    }

    /** Usable flow records a second of the whole run; 0 for a run that took no time. */
    public long recordsPerSecond() {
        long millis = elapsed.toMillis();
        return millis <= 0 ? 0 : accounts.get(Accounts.RECORDS_OK) * MILLIS_PER_SECOND / millis;
    }

    /** The start of the last delivery slot all objects of which were read, ISO-8601; null for none. */
    private String slotReached() {
        Long seconds = accounts.amounts().get(Accounts.SLOT_REACHED);
        return seconds == null ? null : Instant.ofEpochSecond(seconds).toString();
    }

    private ObjectNode alertsByRule() {
        ObjectNode byRule = JSON.createObjectNode();
        new TreeMap<>(accounts.amounts()).forEach((name, amount) -> {
            if (name.startsWith(Accounts.ALERTS_BY_RULE)) {
                byRule.put(name.substring(Accounts.ALERTS_BY_RULE.length()), amount);
            }
        });
        return byRule;
    }
}
