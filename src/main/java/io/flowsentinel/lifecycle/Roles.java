package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.TcpFlags;
import java.util.Arrays;

/**
 * Who opened a connection, and what that rests on.
 *
 * @param originatorIsLower whether the lower endpoint of the key opened it
 * @param evidence how sure that is
 */
record Roles(boolean originatorIsLower, DirectionEvidence evidence) {

    /** All there are: the roles of every record are asked for. */
    private static final Roles[] LOWER_OPENED = all(true);

    private static final Roles[] HIGHER_OPENED = all(false);

    private static Roles[] all(boolean originatorIsLower) {
        return Arrays.stream(DirectionEvidence.values())
                .map(evidence -> new Roles(originatorIsLower, evidence))
                .toArray(Roles[]::new);
    }

    static Roles of(boolean originatorIsLower, DirectionEvidence evidence) {
        return (originatorIsLower ? LOWER_OPENED : HIGHER_OPENED)[evidence.ordinal()];
    }

    /** Whether a handshake tells, not a guess. */
    boolean known() {
        return evidence == DirectionEvidence.SYN || evidence == DirectionEvidence.SYNACK;
    }

    /**
     * Own handshake flags, then what a connection before a silence knew, then the ports, then the first record. Flags of
     * both actions count: a denied SYN opens as well as an accepted one.
     */
    static Roles of(Tracked connection, ConnectionKey key) {
        Roles proven = key.protocol() == FlowRecord.TCP ? byFlags(connection) : null;
        if (proven != null) {
            return proven;
        }
        Tombstone before = connection.continues;
        return before != null ? before.roles() : guessed(connection, key);
    }

    private static Roles byFlags(Tracked connection) {
        int lower = connection.flagsOfBothActions(true);
        int higher = connection.flagsOfBothActions(false);
        boolean lowerOpens = TcpFlags.opens(lower);
        if (lowerOpens != TcpFlags.opens(higher)) {
            return of(lowerOpens, DirectionEvidence.SYN);
        }
        boolean higherAnswers = TcpFlags.answers(higher);
        if (TcpFlags.answers(lower) != higherAnswers) {
            return of(higherAnswers, DirectionEvidence.SYNACK);
        }
        return null;
    }

    private static Roles guessed(Tracked connection, ConnectionKey key) {
        int lower = key.lower().port();
        int higher = key.higher().port();
        if (hasPorts(key.protocol()) && lower != higher) {
            return of(lower > higher, DirectionEvidence.PORT);
        }
        return of(connection.is(Tracked.FIRST_FROM_LOWER), DirectionEvidence.NONE);
    }

    private static boolean hasPorts(int protocol) {
        return protocol == FlowRecord.TCP || protocol == FlowRecord.UDP || protocol == FlowRecord.SCTP;
    }

    /** Both sides sent a SYN-ACK. */
    static boolean simultaneous(Tracked connection) {
        return TcpFlags.answers(connection.flagsOfBothActions(true))
                && TcpFlags.answers(connection.flagsOfBothActions(false));
    }
}
