package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;

/** How one connection of a key follows another: what an ended one leaves behind, and what the next makes of it. */
final class Succession {

    /** How long after its end a connection that fell silent may be gone on with. */
    static final long CONTINUATION_SECONDS = 24 * 60 * 60;

    private final FoldTime foldTime;

    Succession(FoldTime foldTime) {
        this.foldTime = foldTime;
    }

    /** The connection that a record begins. */
    Tracked begin(ConnectionKey key, KeyMemory memory, FlowRecord flow, Beginnings begun) {
        Tombstone silent = memory.last;
        memory.last = null;
        if (silent != null && forgetAt(silent, foldTime) <= foldTime.of(flow)) {
            silent = null;
        }
        int split = Math.max(split(silent, memory, flow), splitOfLong(key, flow, begun));
        if (foldTime.longRecordsExist()) {
            begun.add(key, flow.start());
        }
        return new Tracked(flow.start(), split, goesOn(silent, key.protocol(), flow) ? silent : null);
    }

    /** How many connections with this start had begun, as far as they are not final yet or have left a trace. */
    private int split(Tombstone silent, KeyMemory memory, FlowRecord flow) {
        int split = silent != null && silent.start() == flow.start() ? silent.split() + 1 : 0;
        for (Ended one : memory.ended) {
            if (one.connection().start == flow.start() && one.finalAt() > foldTime.of(flow)) {
                split = Math.max(split, one.connection().split + 1);
            }
        }
        return split;
    }

    private int splitOfLong(ConnectionKey key, FlowRecord flow, Beginnings begun) {
        boolean remembered = foldTime.isLong(flow) && flow.end() - flow.start() <= Beginnings.LONGEST_RECORD_SECONDS;
        return remembered ? begun.count(key, flow.start()) : 0;
    }

    private static boolean goesOn(Tombstone silent, int protocol, FlowRecord first) {
        return silent != null
                && protocol == FlowRecord.TCP
                && (TcpFlags.mask(first.tcpFlags()) & TcpFlags.SYN) == 0
                && first.start() - silent.end() <= CONTINUATION_SECONDS;
    }

    /** Epoch seconds of event time from which the trace of a silent connection has no use. */
    static long forgetAt(Tombstone silent, FoldTime foldTime) {
        return foldTime.settled(silent.end() + CONTINUATION_SECONDS) + 1;
    }

    /**
     * Ends the open connection.
     *
     * @param decidedAt epoch seconds of event time at which no record can belong to it any more
     */
    void end(KeyMemory memory, ConnectionKey key, EndReason reason, long decidedAt) {
        Tracked connection = memory.current;
        boolean cut = reason == EndReason.END_OF_INPUT;
        Ended ended = new Ended(connection, reason, cut ? decidedAt : finalAt(connection, decidedAt));
        memory.ended.add(ended);
        boolean silent = key.protocol() == FlowRecord.TCP && isSilence(reason);
        memory.last = silent ? Tombstone.of(connection, Roles.of(connection, key)) : null;
        memory.current = null;
    }

    /** When also the coverage records that overlap the minute after the connection are here. */
    long finalAt(Tracked connection, long decidedAt) {
        return Math.max(decidedAt, foldTime.settled(connection.end + CoverageGap.MARGIN_SECONDS));
    }

    private static boolean isSilence(EndReason reason) {
        return switch (reason) {
            case IDLE, HALF_CLOSE_TIMEOUT, ATTEMPT_TIMEOUT -> true;
            case CLOSED, TCP_REUSE, NEW_ATTEMPT, END_OF_INPUT -> false;
        };
    }
}
