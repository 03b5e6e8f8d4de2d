package io.flowsentinel.model;

import java.util.List;
import java.util.Map;

/**
 * What a rule has to say about one entity at one moment of an episode. Nothing in it depends on the run.
 *
 * @param activity where in the episode this stands
 * @param rule the rule, as its catalogue entry describes it
 * @param findingId 32 lower-case hex digits, the same for all alerts of an episode and in every replay
 * @param scope scope of the entity; null where it has none, such as an external originator
 * @param entity exactly the key fields of the rule, in the order of detections.md section 3
 * @param title one line with the numbers an analyst decides on
 * @param message one or two sentences: what happened and what to do next
 * @param severity severity of the episode so far
 * @param status NEW for CREATE, IN_PROGRESS for UPDATE, RESOLVED for CLOSE, SUPPRESSED when suppressed
 * @param timeMillis epoch milliseconds of the end of the pane it was decided at
 * @param firstSeenMillis epoch milliseconds of the first contributing connection's start
 * @param lastSeenMillis epoch milliseconds of the last contributing connection's start
 * @param count contributing connections of the episode
 * @param numbers the named figures behind the title, such as {@code ports}; sorted by name
 * @param thresholds the thresholds in force, by name; sorted
 * @param rulesVersion content hash of the rules in force
 * @param connections up to 10 contributing connections, first by start, then id
 * @param records up to 10 records to look up
 * @param coverageGap whether records were lost where this was seen
 * @param anomaly what was seen against what is usual; null for rules that learn nothing
 * @param baselineSinceMillis epoch milliseconds from which on what is usual was learned; {@link #NO_BASELINE}
 * @param context further texts by name, such as the list an address is on; sorted, may be empty
 * @param suppressedBy {@code dry-run}, the allow-list entry, the parent's finding id, {@code translated}; null when not
 *     suppressed
 */
public record Alert(
        Activity activity,
        Rule rule,
        String findingId,
        String scope,
        List<EntityField> entity,
        String title,
        String message,
        Severity severity,
        Status status,
        long timeMillis,
        long firstSeenMillis,
        long lastSeenMillis,
        long count,
        Map<String, Long> numbers,
        Map<String, Double> thresholds,
        String rulesVersion,
        List<Evidence> connections,
        List<RecordRef> records,
        boolean coverageGap,
        Anomaly anomaly,
        long baselineSinceMillis,
        Map<String, String> context,
        String suppressedBy) {

    /** How many connections and records an alert shows at most. */
    public static final int MAX_EVIDENCE = 10;

    /** Nothing was learned. */
    public static final long NO_BASELINE = Long.MIN_VALUE;

    /** OCSF activity_id of a Detection Finding. */
    public enum Activity {
        CREATE,
        UPDATE,
        CLOSE
    }

    /** OCSF severity_id, 1 to 4. */
    public enum Severity {
        INFORMATIONAL,
        LOW,
        MEDIUM,
        HIGH
    }

    /** OCSF confidence_id, 1 to 3. */
    public enum Confidence {
        LOW,
        MEDIUM,
        HIGH
    }

    /** OCSF status_id, 1 to 4. */
    public enum Status {
        NEW,
        IN_PROGRESS,
        SUPPRESSED,
        RESOLVED
    }

    /**
     * A rule as the catalogue describes it.
     *
     * @param id such as {@code port-scan}
     * @param version major version; part of finding ids
     * @param name for people
     * @param description what fires it, one sentence
     * @param confidence how far an analyst may trust it unseen
     * @param runbook what to do next, one sentence
     * @param attacks ATT&amp;CK techniques; may be empty
     */
    public record Rule(
            String id,
            int version,
            String name,
            String description,
            Confidence confidence,
            String runbook,
            List<Technique> attacks) {}

    /**
     * An ATT&amp;CK technique or sub-technique.
     *
     * @param id such as {@code T1046}
     * @param name such as {@code Network Service Discovery}
     * @param version version of ATT&amp;CK the id belongs to
     */
    public record Technique(String id, String name, String version) {}

    /**
     * One key field of the entity.
     *
     * @param name originator, responder, peer, endpoint, port, protocol, interface, direction, subnet, flow_log or
     *     connection
     * @param value text of the value; a decimal number for port and protocol
     */
    public record EntityField(String name, String value) {}

    /**
     * One contributing connection.
     *
     * @param connectionId its id; empty where a single record counts
     * @param scope its scope; null where it has none
     * @param originator its originator
     * @param responder its responder
     * @param protocol IANA protocol number
     * @param state its conn_state; null where a single record counts, not a connection
     * @param verdict its verdict; null likewise
     * @param start epoch seconds
     * @param end epoch seconds; of a connection that is open the end of what was logged of it so far
     */
    public record Evidence(
            String connectionId,
            String scope,
            Party originator,
            Party responder,
            int protocol,
            Connection.ConnState state,
            Connection.Verdict verdict,
            long start,
            long end) {}

    /**
     * One end of a contributing connection, or of a single record, and what it sent in it.
     *
     * @param endpoint address and port
     * @param internal whether it is internal, by its networks or by an interface of its own
     * @param packets sent by this end
     * @param bytes sent by this end
     * @param interfaceId its own interface; null where the log does not tell it
     * @param instanceId the instance of that interface; null likewise
     */
    public record Party(
            Endpoint endpoint, boolean internal, long packets, long bytes, String interfaceId, String instanceId) {}

    /**
     * What was seen against what is usual, as OCSF anomaly_analyses takes it.
     *
     * @param parameter what was looked at, such as {@code bytes per hour to public peers}
     * @param observed what was seen, in words with its unit
     * @param usual what is usual, likewise
     */
    public record Anomaly(String parameter, String observed, String usual) {}

    /** The same alert, seen in another light. */
    public Alert lowered(Severity level, String words, String sentences, Map<String, Long> figures) {
        return with(activity, words, sentences, level, status, figures, suppressedBy);
    }

    /** The same alert, in another place of the finding's life. */
    public Alert as(Activity place, Status then, String sentences) {
        return with(place, title, sentences, severity, then, numbers, suppressedBy);
    }

    /** The same alert, held back for a reason. */
    public Alert suppressedBy(String reason) {
        return with(activity, title, message, severity, Status.SUPPRESSED, numbers, reason);
    }

    private Alert with(
            Activity place,
            String words,
            String sentences,
            Severity level,
            Status then,
            Map<String, Long> figures,
            String reason) {
        return new Alert(
                place,
                rule,
                findingId,
                scope,
                entity,
                words,
                sentences,
                level,
                then,
                timeMillis,
                firstSeenMillis,
                lastSeenMillis,
                count,
                figures,
                thresholds,
                rulesVersion,
                connections,
                records,
                coverageGap,
                anomaly,
                baselineSinceMillis,
                context,
                reason);
    }

    public boolean suppressed() {
        return suppressedBy != null;
    }
}
