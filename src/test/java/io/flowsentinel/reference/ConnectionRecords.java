package io.flowsentinel.reference;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The records of one connection in fold order, and what can be read off them. */
final class ConnectionRecords {

    static final long NEVER = Long.MIN_VALUE;

    private final ConnectionKey key;
    private final List<FlowRecord> records = new ArrayList<>();

    ConnectionRecords(ConnectionKey key) {
        this.key = key;
    }

    void add(FlowRecord flow) {
        records.add(flow);
    }

    ConnectionKey key() {
        return key;
    }

    List<FlowRecord> all() {
        return records;
    }

    boolean any(Predicate<FlowRecord> which) {
        return records.stream().anyMatch(which);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    long start() {
        return records.stream().mapToLong(FlowRecord::start).min().orElse(NEVER);
    }

    long end() {
        return latestEnd(flow -> true);
    }

    /** {@link #NEVER} where there is no such record. */
    long latestEnd(Predicate<FlowRecord> which) {
        return records.stream().filter(which).mapToLong(FlowRecord::end).max().orElse(NEVER);
    }

    boolean fromLower(FlowRecord flow) {
        return flow.source().equals(key.lower());
    }

    boolean tcpWithFlags() {
        return key.protocol() == FlowRecord.TCP && flagsKnown();
    }

    boolean flagsKnown() {
        return any(flow -> flow.tcpFlags() >= 0);
    }

    boolean anyAccepted() {
        return any(FlowRecord::accepted);
    }

    /** The ACCEPT records; the REJECT records where there is no other. */
    List<FlowRecord> counting() {
        boolean accepted = anyAccepted();
        return records.stream().filter(flow -> flow.accepted() == accepted).toList();
    }

    /** OR of the counting records of one side. */
    int flags(boolean ofLower) {
        return or(counting(), ofLower);
    }

    /** OR of all records of one side. */
    int flagsOfBothActions(boolean ofLower) {
        return or(records, ofLower);
    }

    private int or(List<FlowRecord> some, boolean ofLower) {
        return some.stream()
                .filter(flow -> fromLower(flow) == ofLower)
                .mapToInt(flow -> Flags.masked(flow.tcpFlags()))
                .reduce((one, other) -> one | other)
                .orElse(Flags.NO_RECORD);
    }

    /** The OR of one side is exactly SYN, the other side has no record or no flag. */
    boolean onlySyns() {
        int lower = flags(true);
        int higher = flags(false);
        return lower == Flags.SYN && higher <= 0 || higher == Flags.SYN && lower <= 0;
    }

    /** End of the record that completed the close evidence: RST on either side, or FIN on both. */
    long closedAt() {
        int lower = 0;
        int higher = 0;
        for (FlowRecord flow : counting()) {
            if (fromLower(flow)) {
                lower |= Flags.masked(flow.tcpFlags());
            } else {
                higher |= Flags.masked(flow.tcpFlags());
            }
            if (Flags.has(lower | higher, Flags.RST) || Flags.has(lower & higher, Flags.FIN)) {
                return flow.end();
            }
        }
        return NEVER;
    }

    boolean closed() {
        return closedAt() != NEVER;
    }

    boolean finSeen() {
        return Flags.has(flags(true), Flags.FIN) || Flags.has(flags(false), Flags.FIN);
    }
}
