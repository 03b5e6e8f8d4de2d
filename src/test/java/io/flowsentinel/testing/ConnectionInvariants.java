package io.flowsentinel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.reference.ConnStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What holds for every connection of every run. */
public final class ConnectionInvariants {

    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int SYN_ACK = 18;
    private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;

    private static final Set<Integer> MASKED = Set.of(ConnectionRow.NO_RECORD, 0, 1, 2, 3, 4, 5, 6, 7, 18, 19, 22, 23);
    private static final Set<String> SILENCE = Set.of("idle", "half_close_timeout", "attempt_timeout");
    private static final Set<String> REFUSED = Set.of("denied", "denied_egress", "denied_by_destination");

    /** What holds for each row, whatever else is in the run. */
    private static final Map<String, Predicate<ConnectionRow>> OF_EACH = new LinkedHashMap<>();

    static {
        times();
        ends();
        flags();
        roles();
        states();
        numbers();
    }

    private final List<ConnectionRow> rows;
    private final List<ConnectionRow> closed;
    private final List<String> violations = new ArrayList<>();

    private ConnectionInvariants(List<ConnectionRow> rows) {
        this.rows = rows;
        this.closed = rows.stream().filter(ConnectionRow::isClose).toList();
    }

    /** Everything a run has published, from the first record of its history to the end of its input. */
    public static ConnectionInvariants of(List<ConnectionRow> rows) {
        return new ConnectionInvariants(rows);
    }

    /** Each row is true in itself, and all of them together. */
    public ConnectionInvariants hold() {
        rows.forEach(row -> OF_EACH.forEach((invariant, holds) -> check(invariant, holds.test(row), row)));
        Map<String, ConnectionRow> byId = byId();
        rows.stream().filter(row -> !row.isClose()).forEach(row -> checkLive(row, byId.get(row.id())));
        checkContinuations(byId);
        checkOneOpen();
        assertThat(violations).isEmpty();
        return this;
    }

    /** Every usable record is in exactly one connection, or a duplicate, or late. */
    public ConnectionInvariants accountFor(long usable, long duplicates, long late) {
        long taken = closed.stream()
                .mapToLong(row -> row.number("/unmapped/records"))
                .sum();
        assertThat(taken + duplicates + late).as("records accounted for").isEqualTo(usable);
        return this;
    }

    /** The same of a run with these accounts. */
    public ConnectionInvariants accountFor(JsonNode report) {
        return accountFor(
                        report.get("records_ok").asLong(),
                        report.get("records_duplicate").asLong(),
                        report.get("records_late").asLong())
                .areAsManyAs(report.get("connections").asLong());
    }

    /** The accounts count as many connections as were closed. */
    public ConnectionInvariants areAsManyAs(long connections) {
        assertThat(closed.size()).as("close events").isEqualTo(connections);
        return this;
    }

    private void check(String invariant, boolean holds, ConnectionRow row) {
        if (!holds) {
            violations.add(invariant + ": " + row);
        }
    }

    private static void each(String invariant, Predicate<ConnectionRow> holds) {
        OF_EACH.put(invariant, holds);
    }

    private Map<String, ConnectionRow> byId() {
        Map<String, ConnectionRow> byId = new HashMap<>();
        for (ConnectionRow row : closed) {
            check("no two connections share an id", byId.put(row.id(), row) == null, row);
        }
        return byId;
    }

    private void checkLive(ConnectionRow live, ConnectionRow close) {
        check("what was open is closed once", close != null, live);
        if (close != null) {
            check("it is of the same key", live.key().equals(close.key()), live);
            check(
                    "an open connection only grows",
                    live.number("/unmapped/records") <= close.number("/unmapped/records")
                            && live.number("/start_time") >= close.number("/start_time")
                            && live.number("/end_time") <= close.number("/end_time"),
                    live);
        }
    }

    private void checkOneOpen() {
        Set<String> opened = new HashSet<>();
        rows.stream()
                .filter(row -> row.event().equals("open"))
                .forEach(row -> check("a connection is opened once", opened.add(row.id()), row));
    }

    private void checkContinuations(Map<String, ConnectionRow> byId) {
        Set<String> continued = new HashSet<>();
        for (ConnectionRow row : closed) {
            String id = row.string("/unmapped/continuation_of");
            if (id != null) {
                ConnectionRow before = byId.get(id);
                check("a connection is gone on with once", continued.add(id), row);
                check("a continuation names a closed connection that fell silent", before != null, row);
                check("a continuation follows within a day", before == null || follows(before, row), row);
            }
        }
    }

    private static boolean follows(ConnectionRow before, ConnectionRow row) {
        return before.key().equals(row.key())
                && SILENCE.contains(before.string("/unmapped/end_reason"))
                && row.number("/start_time") > before.number("/start_time")
                && row.number("/start_time") - before.number("/end_time") <= DAY_MILLIS;
    }

    private static void times() {
        each(
                "a connection ends no earlier than it starts",
                row -> row.number("/start_time") <= row.number("/end_time"));
        each(
                "its duration is the time between",
                row -> row.number("/duration") == row.number("/end_time") - row.number("/start_time"));
        each("its id is 32 hex digits", row -> row.id().matches("[0-9a-f]{32}"));
        each("a gap is judged at the end", row -> row.isClose() || !row.is("coverage_gap"));
    }

    private static void ends() {
        each("a close has an end reason, and nothing else has", row -> row.isClose() == (endReason(row) != null));
        each(
                "a close is missed where a tuple is used again, and only there",
                row -> row.is("missed_close") == "tcp_reuse".equals(endReason(row)));
        each(
                "without TCP flags silence ends, or the SYN of another connection",
                row -> withFlags(row)
                        || endedBy(row, "idle", "end_of_input")
                        || isTcp(row) && endedBy(row, "tcp_reuse"));
        each("close evidence closes", row -> !proved(row) || endedBy(row, "closed", "end_of_input"));
        each("closed has evidence", row -> !"closed".equals(endReason(row)) || proved(row));
        each(
                "attempts end as attempts",
                row -> !onlySyns(row) || endedBy(row, "new_attempt", "attempt_timeout", "end_of_input"));
        each(
                "only attempts end as attempts",
                row -> onlySyns(row) || !row.isClose() || !endedBy(row, "new_attempt", "attempt_timeout"));
        each(
                "half a close is a FIN of one side",
                row -> !"half_close_timeout".equals(endReason(row)) || finSeen(row) && !proved(row));
        each("idle has no FIN", row -> !"idle".equals(endReason(row)) || !withFlags(row) || !finSeen(row));
    }

    private static void flags() {
        each("flags are masked", ConnectionInvariants::masked);
        each(
                "midstream has no SYN and is no continuation",
                row -> !row.is("midstream")
                        || withFlags(row)
                                && !synSeen(row)
                                && !rolesKnown(row)
                                && row.number("/unmapped/syn_records") == 0
                                && row.string("/unmapped/continuation_of") == null);
        each(
                "what was accepted without a SYN is midstream or a continuation",
                row -> !allowed(row)
                        || !withFlags(row)
                        || synSeen(row)
                        || row.is("midstream") != (row.string("/unmapped/continuation_of") != null));
        each(
                "SYN records have a SYN",
                row -> row.number("/unmapped/syn_records") == 0
                        || withFlags(row) && (!allowed(row) || (flagsOf(row, true) & SYN) != 0));
        each(
                "an originator that is SYN-only has SYN records",
                row -> !isTcp(row) || !synOnly(row.originatorFlags()) || row.number("/unmapped/syn_records") > 0);
        each(
                "a connection of several has SYN and FIN of both sides",
                row -> !row.is("multi_connection_suspected")
                        || !allowed(row)
                        || (flagsOf(row, true) & flagsOf(row, false) & (SYN | FIN)) == (SYN | FIN));
        each(
                "only TCP crosses, opens at once or answers unasked",
                row -> isTcp(row)
                        || !row.is("crossed_syn") && !row.is("simultaneous_open") && !row.is("unsolicited_synack"));
    }

    private static void roles() {
        each(
                "the assignment is known by a handshake",
                row -> row.json().get("is_src_dst_assignment_known").asBoolean() == rolesKnown(row));
        each("only TCP has a handshake", row -> isTcp(row) || !rolesKnown(row));
        each(
                "the lower port responds",
                row -> !evidence(row, "port")
                        || hasPorts(row) && row.number("/src_endpoint/port") > row.number("/dst_endpoint/port"));
        each(
                "roles are open where ports say nothing",
                row -> !evidence(row, "none")
                        || !hasPorts(row)
                        || row.number("/src_endpoint/port") == row.number("/dst_endpoint/port"));
        each(
                "the originator's SYN is evidence",
                row -> !evidence(row, "syn")
                        || !allowed(row)
                        || row.string("/unmapped/continuation_of") != null
                        || synOnly(row.originatorFlags()) && !synOnly(row.responderFlags()));
    }

    private static void states() {
        each(
                "the state of accepted TCP is the table's",
                row -> !allowed(row)
                        || !withFlags(row)
                        || !masked(row)
                        || state(row).equals(ConnStates.of(row.originatorFlags(), row.responderFlags())));
        each(
                "TCP without flags has no state",
                row -> !isTcp(row) || withFlags(row) || state(row).equals("OTH"));
        each(
                "UDP is SF, S0 or SHR",
                row -> protocol(row) != FlowRecord.UDP
                        || Set.of("SF", "S0", "SHR").contains(state(row)));
        each(
                "other protocols have no state",
                row -> isTcp(row)
                        || protocol(row) == FlowRecord.UDP
                        || state(row).equals("OTH"));
        each(
                "one side is an attempt that nobody denied or answered",
                row -> !row.is("one_sided")
                        || allowed(row)
                                && row.responderFlags() == ConnectionRow.NO_RECORD
                                && Set.of("S0", "SH").contains(state(row)));
        each(
                "an unsolicited SYN-ACK is the responder's",
                row -> !row.is("unsolicited_synack") || row.responderFlags() == SYN_ACK);
        each(
                "what was refused is refused",
                row -> !REFUSED.contains(verdict(row))
                        || row.number("/activity_id") == 5 && row.number("/disposition_id") == 2);
        each(
                "what was accepted was rejected for no reason",
                row -> !allowed(row) || row.string("/unmapped/reject_reason") == null);
    }

    private static void numbers() {
        each("there is a record of every observer", row -> {
            int observers = row.json().at("/unmapped/observers").size();
            return observers > 0 && observers <= row.number("/unmapped/records");
        });
        each("both directions make the sum", row -> Set.of("bytes", "packets").stream()
                .allMatch(unit -> row.number("/traffic/" + unit)
                        == row.number("/traffic/" + unit + "_out") + row.number("/traffic/" + unit + "_in")));
        each("each packet is counted at one interface", row -> countedOnce(row, true) && countedOnce(row, false));
    }

    /** A direction's volume is that of one observing interface, ACCEPT and REJECT added, and so never above the largest. */
    private static boolean countedOnce(ConnectionRow row, boolean ofOriginator) {
        String way = ofOriginator ? "_out" : "_in";
        List<Long> counted = List.of(row.number("/traffic/packets" + way), row.number("/traffic/bytes" + way));
        Map<String, List<Long>> byInterface = new HashMap<>();
        row.observations().stream()
                .filter(one -> one.fromOriginator() == ofOriginator)
                .forEach(one -> byInterface.merge(
                        one.observer().interfaceId(),
                        List.of(one.packets(), one.bytes()),
                        (some, more) -> List.of(some.get(0) + more.get(0), some.get(1) + more.get(1))));
        if (byInterface.isEmpty()) {
            return row.observations().isEmpty() || counted.equals(List.of(0L, 0L));
        }
        return byInterface.containsValue(counted);
    }

    private static String endReason(ConnectionRow row) {
        return row.string("/unmapped/end_reason");
    }

    /** True of an open connection too, which has not ended. */
    private static boolean endedBy(ConnectionRow row, String... reasons) {
        return !row.isClose() || Arrays.asList(reasons).contains(endReason(row));
    }

    private static int protocol(ConnectionRow row) {
        return (int) row.number("/connection_info/protocol_num");
    }

    private static boolean isTcp(ConnectionRow row) {
        return protocol(row) == FlowRecord.TCP;
    }

    private static boolean hasPorts(ConnectionRow row) {
        return isTcp(row) || protocol(row) == FlowRecord.UDP || protocol(row) == FlowRecord.SCTP;
    }

    private static boolean withFlags(ConnectionRow row) {
        return isTcp(row) && "present".equals(row.string("/unmapped/flags"));
    }

    private static boolean masked(ConnectionRow row) {
        return MASKED.contains(row.originatorFlags()) && MASKED.contains(row.responderFlags());
    }

    private static String state(ConnectionRow row) {
        return row.string("/status_code");
    }

    private static String verdict(ConnectionRow row) {
        return row.string("/unmapped/verdict");
    }

    private static boolean allowed(ConnectionRow row) {
        return verdict(row).equals("allowed");
    }

    private static boolean evidence(ConnectionRow row, String name) {
        return name.equals(row.string("/unmapped/direction_evidence"));
    }

    private static boolean rolesKnown(ConnectionRow row) {
        return evidence(row, "syn") || evidence(row, "synack");
    }

    /** The flags of a side, none where it has no record. */
    private static int flagsOf(ConnectionRow row, boolean originator) {
        return Math.max(0, originator ? row.originatorFlags() : row.responderFlags());
    }

    private static boolean synOnly(int flags) {
        return flags != ConnectionRow.NO_RECORD && (flags & SYN_ACK) == SYN;
    }

    private static boolean synSeen(ConnectionRow row) {
        return ((flagsOf(row, true) | flagsOf(row, false)) & SYN) != 0;
    }

    private static boolean finSeen(ConnectionRow row) {
        return ((flagsOf(row, true) | flagsOf(row, false)) & FIN) != 0;
    }

    /** RST on either side, or FIN on both. */
    private static boolean proved(ConnectionRow row) {
        int originator = flagsOf(row, true);
        int responder = flagsOf(row, false);
        return withFlags(row) && (((originator | responder) & RST) != 0 || (originator & responder & FIN) != 0);
    }

    private static boolean onlySyns(ConnectionRow row) {
        return withFlags(row)
                && (row.originatorFlags() == SYN && row.responderFlags() <= 0
                        || row.responderFlags() == SYN && row.originatorFlags() <= 0);
    }
}
