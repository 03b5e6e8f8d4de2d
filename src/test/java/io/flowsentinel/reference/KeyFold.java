package io.flowsentinel.reference;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cuts the records of one key into connections: the fold rules and the timeouts. */
final class KeyFold {

    private static final long SAME_ATTEMPT = 128;
    private static final long CONTINUATION = 24 * 60 * 60;
    private static final Set<String> SILENCE = Set.of("idle", "half_close_timeout", "attempt_timeout");

    private final ConnectionKey key;
    private final Waits waits;
    private final long readTo;
    private final List<Folded> folded = new ArrayList<>();
    private ConnectionRecords open;
    private boolean crossedSyn;
    private boolean suspected;

    /** @param readTo epoch seconds of the end of the last slot read */
    KeyFold(ConnectionKey key, Waits waits, long readTo) {
        this.key = key;
        this.waits = waits;
        this.readTo = readTo;
        this.open = new ConnectionRecords(key);
    }

    /** The connections of these records, in the order in which they began. */
    List<Folded> fold(List<FlowRecord> sorted) {
        sorted.forEach(this::take);
        end(deadline() <= readTo ? timeout() : "end_of_input");
        return folded;
    }

    private void take(FlowRecord flow) {
        String reason = open.isEmpty() ? null : endedBy(flow);
        if (reason != null) {
            end(reason);
        }
        if (!open.isEmpty() && key.protocol() == FlowRecord.TCP) {
            crossedSyn |= synOnly(flow) && open.onlySyns() && !ofTheSideThatTries(flow);
            suspected |= showsAnotherConnection(flow);
        }
        open.add(flow);
    }

    private void end(String reason) {
        folded.add(new Folded(open, reason, crossedSyn, suspected, split(), continued()));
        open = new ConnectionRecords(key);
        crossedSyn = false;
        suspected = false;
    }

    /** How many connections of the key were already begun by a record with the same start. */
    private int split() {
        return (int) folded.stream()
                .filter(one -> one.records().start() == open.start())
                .count();
    }

    /** The connection just before, if it fell silent and this one goes on from it; null where not. */
    private Folded continued() {
        if (folded.isEmpty() || key.protocol() != FlowRecord.TCP) {
            return null;
        }
        Folded before = folded.get(folded.size() - 1);
        FlowRecord first = open.all().get(0);
        boolean goesOn = SILENCE.contains(before.endReason())
                && !hasSyn(first)
                && first.start() - before.records().end() <= CONTINUATION;
        return goesOn ? before : null;
    }

    /** Why the record is not of the open connection; null where it is. */
    private String endedBy(FlowRecord flow) {
        if (flow.start() > deadline()) {
            return timeout();
        }
        return key.protocol() == FlowRecord.TCP ? endedBySyn(flow) : null;
    }

    /** Rules 2 to 5. */
    private String endedBySyn(FlowRecord flow) {
        if (open.closed()) {
            return (synOnly(flow) || synAck(flow)) && inLaterWindow(flow) ? "closed" : null;
        }
        if (!synOnly(flow)) {
            return null;
        }
        if (!open.onlySyns()) {
            return inLaterWindow(flow) ? "tcp_reuse" : null;
        }
        boolean another = ofTheSideThatTries(flow)
                ? flow.start() > open.latestEnd(KeyFold::synOnly) + SAME_ATTEMPT
                : inLaterWindow(flow);
        return another ? "new_attempt" : null;
    }

    private boolean ofTheSideThatTries(FlowRecord flow) {
        return open.flags(open.fromLower(flow)) == Flags.SYN;
    }

    private boolean inLaterWindow(FlowRecord flow) {
        long own = lastOfItsInterface(flow);
        if (own != ConnectionRecords.NEVER) {
            return flow.start() > own && flow.start() > open.closedAt();
        }
        return flow.start() > lastOfAnyInterface() + 60;
    }

    private long lastOfItsInterface(FlowRecord flow) {
        long syn = open.latestEnd(one -> hasSyn(one) && sameInterface(one, flow) && sameDirection(one, flow));
        if (syn != ConnectionRecords.NEVER) {
            return syn;
        }
        long any = open.latestEnd(one -> sameInterface(one, flow) && sameDirection(one, flow));
        if (any != ConnectionRecords.NEVER) {
            return any;
        }
        return open.latestEnd(one -> hasSyn(one) && sameInterface(one, flow));
    }

    private long lastOfAnyInterface() {
        if (open.closed()) {
            return open.closedAt();
        }
        long syn = open.latestEnd(KeyFold::hasSyn);
        return syn != ConnectionRecords.NEVER ? syn : open.end();
    }

    /** Rule 6. */
    private boolean showsAnotherConnection(FlowRecord flow) {
        return !hasSyn(flow)
                && open.closed()
                && flow.start() > open.closedAt()
                && (flow.packets() > 2 || flow.bytes() > 60 * flow.packets())
                && open.any(one -> synAndFin(one) && sameInterface(one, flow) && sameDirection(one, flow))
                && open.any(one -> synAndFin(one) && !sameDirection(one, flow));
    }

    /** A record that starts then still belongs. */
    private long deadline() {
        return switch (timeout()) {
            case "closed" -> open.end() + waits.closed();
            case "attempt_timeout" -> open.latestEnd(KeyFold::synOnly) + waits.attempt();
            case "half_close_timeout" -> open.end() + waits.halfClose();
            default -> open.end() + waits.idle(key.protocol());
        };
    }

    /** The first timeout that applies. */
    private String timeout() {
        if (key.protocol() != FlowRecord.TCP) {
            return "idle";
        }
        if (open.closed()) {
            return "closed";
        }
        if (open.onlySyns()) {
            return "attempt_timeout";
        }
        return open.finSeen() ? "half_close_timeout" : "idle";
    }

    private boolean sameDirection(FlowRecord one, FlowRecord other) {
        return open.fromLower(one) == open.fromLower(other);
    }

    private static boolean sameInterface(FlowRecord one, FlowRecord other) {
        return one.observer().interfaceId().equals(other.observer().interfaceId());
    }

    private static boolean synAndFin(FlowRecord flow) {
        return Flags.has(Flags.masked(flow.tcpFlags()), Flags.SYN | Flags.FIN);
    }

    private static boolean hasSyn(FlowRecord flow) {
        return Flags.has(Flags.masked(flow.tcpFlags()), Flags.SYN);
    }

    private static boolean synOnly(FlowRecord flow) {
        return Flags.synOnly(Flags.masked(flow.tcpFlags()));
    }

    private static boolean synAck(FlowRecord flow) {
        return Flags.synAck(Flags.masked(flow.tcpFlags()));
    }
}
