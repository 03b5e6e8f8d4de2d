package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;
import java.util.ArrayList;
import java.util.List;

/** How one connection of a key follows another: what an ended one leaves behind, and what the next makes of it. */
final class Succession {

    /** How long after its end a connection that fell silent may be gone on with. */
    static final long CONTINUATION_SECONDS = 24 * 60 * 60;

    private final FoldTime foldTime;

    Succession(FoldTime foldTime) {
        this.foldTime = foldTime;
    }

    /** The connection that a record begins. */
    Tracked begin(KeyMemory memory, int protocol, FlowRecord flow) {
        Tombstone before = memory.last;
        if (before == null || before.forgetAt() <= foldTime.of(flow)) {
            return new Tracked(flow.start(), 0, null);
        }
        int split = before.start() == flow.start() ? before.split() + 1 : 0;
        return new Tracked(flow.start(), split, goesOn(before, protocol, flow) ? before : null);
    }

    private static boolean goesOn(Tombstone before, int protocol, FlowRecord first) {
        return protocol == FlowRecord.TCP
                && before.silent()
                && (TcpFlags.mask(first.tcpFlags()) & TcpFlags.SYN) == 0
                && first.start() - before.end() <= CONTINUATION_SECONDS;
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
        List<Ended> all = new ArrayList<>(memory.ended);
        all.add(ended);
        memory.ended = List.copyOf(all);
        memory.last = tombstone(ended, key);
        memory.current = null;
    }

    /** When also the coverage records that overlap the minute after the connection are here. */
    long finalAt(Tracked connection, long decidedAt) {
        return Math.max(decidedAt, foldTime.settled(connection.end + CoverageGap.MARGIN_SECONDS));
    }

    private Tombstone tombstone(Ended ended, ConnectionKey key) {
        Tracked connection = ended.connection();
        boolean silent = key.protocol() == FlowRecord.TCP && isSilence(ended.reason());
        long gone = foldTime.settled(connection.end + CONTINUATION_SECONDS) + 1;
        Roles roles = Roles.of(connection, key);
        return new Tombstone(
                connection.start,
                connection.split,
                connection.end,
                silent,
                roles.originatorIsLower(),
                roles.evidence(),
                silent ? gone : ended.finalAt());
    }

    private static boolean isSilence(EndReason reason) {
        return switch (reason) {
            case IDLE, HALF_CLOSE_TIMEOUT, ATTEMPT_TIMEOUT -> true;
            case CLOSED, TCP_REUSE, NEW_ATTEMPT, END_OF_INPUT -> false;
        };
    }
}
