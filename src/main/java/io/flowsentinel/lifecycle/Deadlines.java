package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;

/** Until when a record may start and still belong, and what it means when none does. */
final class Deadlines {

    private final Timeouts timeouts;

    Deadlines(Timeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** Why the connection ends if nothing more comes: the first timeout that applies. */
    EndReason reason(Tracked connection, int protocol) {
        if (protocol != FlowRecord.TCP) {
            return EndReason.IDLE;
        }
        if (connection.closed()) {
            return EndReason.CLOSED;
        }
        if (connection.attempt()) {
            return EndReason.ATTEMPT_TIMEOUT;
        }
        return CloseEvidence.half(connection.flags(true), connection.flags(false))
                ? EndReason.HALF_CLOSE_TIMEOUT
                : EndReason.IDLE;
    }

    /** Epoch seconds; a record that starts then still belongs. */
    long of(Tracked connection, int protocol) {
        return switch (reason(connection, protocol)) {
            case CLOSED -> connection.end + timeouts.linger().toSeconds();
            case ATTEMPT_TIMEOUT -> connection.openEnd + timeouts.attempt().toSeconds();
            case HALF_CLOSE_TIMEOUT -> connection.end + timeouts.halfClose().toSeconds();
            case IDLE -> connection.end + idle(protocol);
            case TCP_REUSE, NEW_ATTEMPT, END_OF_INPUT -> throw new IllegalStateException("not a timeout");
        };
    }

    /**
     * Whether a record ended too long before a connection to be of it. In the order of folding there is none: it takes an
     * object that was found when event time had passed it.
     */
    boolean before(FlowRecord flow, Tracked connection) {
        boolean beganWithSyn = flow.protocol() == FlowRecord.TCP
                && (TcpFlags.opens(connection.flagsOfBothActions(true))
                        || TcpFlags.opens(connection.flagsOfBothActions(false)));
        long reach = beganWithSyn ? Timeouts.CLOCK_SLACK_SECONDS : idle(flow.protocol());
        return flow.end() + reach < connection.earliest;
    }

    private long idle(int protocol) {
        return switch (protocol) {
            case FlowRecord.TCP -> timeouts.idleTcp().toSeconds();
            case FlowRecord.UDP -> timeouts.udp().toSeconds();
            default -> timeouts.other().toSeconds();
        };
    }
}
