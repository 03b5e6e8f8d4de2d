package io.flowsentinel.detect;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Connection.Trait;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;

/** The words of the catalogue: failed, answered, completed. All of them are about closed connections. */
final class Outcome {

    /** A half-open connection's originator sends at most this many packets, each of at most this many bytes. */
    private static final int HALF_OPEN_PACKETS = 3;

    private static final int HALF_OPEN_BYTES = 60;

    private Outcome() {}

    /** TCP, known by its SYN to be the originator's attempt, both directions logged, and it came to nothing. */
    static boolean failed(Connection connection) {
        return connection.protocol() == FlowRecord.TCP
                && connection.directionEvidence() == DirectionEvidence.SYN
                && connection.endReason() != EndReason.END_OF_INPUT
                && !connection.has(Trait.ONE_SIDED)
                && (cameToNothing(connection) || denied(connection));
    }

    /** UDP whose first packets were rejected and that nobody answered. */
    static boolean rejectedUdp(Connection connection) {
        return connection.protocol() == FlowRecord.UDP
                && connection.endReason() != EndReason.END_OF_INPUT
                && denied(connection)
                && connection.observations().stream().allMatch(Observation::fromOriginator);
    }

    /** A SYN-ACK of the responder was accepted. */
    static boolean answered(Connection connection) {
        if (connection.protocol() != FlowRecord.TCP || !connection.rolesKnown()) {
            return false;
        }
        for (Observation seen : connection.observations()) {
            if (!seen.fromOriginator() && seen.action() == Action.ACCEPT && TcpFlags.answers(seen.flags())) {
                return true;
            }
        }
        return false;
    }

    /**
     * The originator got further than a half-open connection does: there was an answer, and more from the originator
     * than what an open port gets from a spoofed SYN.
     */
    static boolean completed(Connection connection) {
        ConnState state = connection.state();
        if (connection.protocol() == FlowRecord.UDP) {
            return state == ConnState.SF && !denied(connection);
        }
        Side originator = connection.originator();
        boolean further = originator.packets() > HALF_OPEN_PACKETS
                || originator.bytes() > HALF_OPEN_BYTES * originator.packets()
                || originator.packets() > connection.responder().packets();
        return connection.protocol() == FlowRecord.TCP
                && further
                && connection.responder().packets() > 0
                && state != ConnState.S0
                && !failed(connection);
    }

    private static boolean cameToNothing(Connection connection) {
        return switch (connection.state()) {
            case S0, RSTOS0, SH -> !connection.has(Trait.COVERAGE_GAP);
            case REJ -> true;
            case S1, S2, S3, SF, RSTO, RSTR, RSTRH, SHR, OTH -> false;
        };
    }

    private static boolean denied(Connection connection) {
        return switch (connection.verdict()) {
            case DENIED, DENIED_EGRESS, DENIED_BY_DESTINATION -> true;
            case ALLOWED, UNSOLICITED_REJECT, STALE_REJECT, MIXED, REPLY_DENIED -> false;
        };
    }
}
