package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.model.Connection.Side;

/**
 * What a connection to a service with a login is taken for. A cell has its name. A moment of a tally has its code behind
 * the connection's start, so that moments of all kinds can be sorted together: names and codes never change.
 */
enum LoginKind {
    OTHER(0),
    MATCHING(1),
    SESSION(2),
    /** A session that goes on; it is among the last connections once it is over. */
    OPEN(3);

    private static final int BITS = 2;

    /** More packets than any failed login has. */
    private static final long SESSION_PACKETS = 100;

    private final int code;

    LoginKind(int number) {
        code = number;
    }

    /** Of a connection that is over, or as far as it has come. */
    static LoginKind of(ClosedConnection connection, FailedLogin failed) {
        Side originator = connection.connection().originator();
        if (!connection.successful()) {
            return OTHER;
        }
        if (originator.packets() > SESSION_PACKETS) {
            return SESSION;
        }
        return failed.fits(originator) ? MATCHING : OTHER;
    }

    /** Whether the moment is of a session, over or not. */
    static boolean longer(long moment) {
        return SESSION.in(moment) || OPEN.in(moment);
    }

    /** Epoch seconds at which the connection of a moment began. */
    static long start(long moment) {
        return moment >> BITS;
    }

    /** A connection's moment. */
    long moment(long start) {
        return start << BITS | code;
    }

    /** Whether the moment is of this kind. */
    boolean in(long moment) {
        return (moment & (1 << BITS) - 1) == code;
    }

    /** Whether the tally is of this kind. */
    boolean is(PaneTally entry) {
        return entry.cell().side().equals(name());
    }
}
