package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;

/**
 * Whether a record of a TCP key is of the open connection or begins another one (fold rules 2 to 6).
 *
 * <p>Only SYN-bearing records end a connection, so records without flags never do. "Established" is whatever is neither
 * closed nor a mere attempt: a SYN in a later window is another connection there, however little was seen of the one
 * before.
 */
final class FoldRules {

    /** A SYN repeated this long after the last one is the same attempt: Linux gives up after 127 s. */
    static final long SAME_ATTEMPT_SECONDS = 128;

    /** Rule 6: what a late acknowledgement of a finished connection does not exceed. */
    private static final long LAST_PACKETS = 2;

    private static final long LAST_BYTES_A_PACKET = 60;

    private FoldRules() {}

    /** Why the record ends the connection and begins another one; null where it belongs. */
    static EndReason endedBy(Tracked connection, FlowRecord flow, boolean fromLower) {
        boolean opens = TcpFlags.opens(flow.tcpFlags());
        if (!opens && !TcpFlags.answers(flow.tcpFlags())) {
            return null;
        }
        if (connection.closed()) {
            return LaterWindow.holds(connection, flow, fromLower) ? EndReason.CLOSED : null;
        }
        if (!opens) {
            return null;
        }
        if (connection.attempt()) {
            return newAttempt(connection, flow, fromLower) ? EndReason.NEW_ATTEMPT : null;
        }
        return LaterWindow.holds(connection, flow, fromLower) ? EndReason.TCP_REUSE : null;
    }

    private static boolean newAttempt(Tracked attempt, FlowRecord flow, boolean fromLower) {
        return crosses(attempt, fromLower)
                ? LaterWindow.holds(attempt, flow, fromLower)
                : flow.start() - attempt.openEnd > SAME_ATTEMPT_SECONDS;
    }

    private static boolean crosses(Tracked attempt, boolean fromLower) {
        return attempt.flags(fromLower) != TcpFlags.SYN;
    }

    /** What a record that belongs shows beside its flags and numbers; to be asked before it is added. */
    static int marksOf(Tracked connection, FlowRecord flow, boolean fromLower) {
        int marks = 0;
        if (TcpFlags.opens(flow.tcpFlags()) && connection.attempt() && crosses(connection, fromLower)) {
            marks |= Tracked.CROSSED_SYN;
        }
        if (showsAnotherConnection(connection, flow, fromLower)) {
            marks |= Tracked.MULTI_SUSPECTED;
        }
        return marks;
    }

    private static boolean showsAnotherConnection(Tracked connection, FlowRecord flow, boolean fromLower) {
        return (TcpFlags.mask(flow.tcpFlags()) & TcpFlags.SYN) == 0
                && connection.closed()
                && flow.start() > connection.closedAt()
                && (flow.packets() > LAST_PACKETS || flow.bytes() > LAST_BYTES_A_PACKET * flow.packets())
                && wholeConnectionInOneWindow(connection, flow, fromLower);
    }

    /** SYN and FIN in one record of each direction, the record's own interface having logged such a one in its own. */
    private static boolean wholeConnectionInOneWindow(Tracked connection, FlowRecord flow, boolean fromLower) {
        boolean here = false;
        boolean there = false;
        for (Observed one : connection.observed) {
            if (one.has(Observed.SYN_AND_FIN)) {
                here |= one.fromLower() == fromLower && one.by(flow.observer());
                there |= one.fromLower() != fromLower;
            }
        }
        return here && there;
    }
}
