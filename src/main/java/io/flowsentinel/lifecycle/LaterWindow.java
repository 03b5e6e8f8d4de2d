package io.flowsentinel.lifecycle;

import io.flowsentinel.model.FlowRecord;

/**
 * Tells a SYN of another connection from one more sight of the same SYN.
 *
 * <p>Every interface cuts its own windows by its own clock, and both ends may log. A record is compared with what its
 * own interface has logged; only an interface that has logged nothing of the connection is compared with the others,
 * with the 60 s that AWS's timestamps may be off.
 */
final class LaterWindow {

    private LaterWindow() {}

    /** Whether a SYN-bearing record is in a later window than the connection's SYNs, and than its close evidence. */
    static boolean holds(Tracked connection, FlowRecord flow, boolean fromLower) {
        long own = ownReference(connection, flow, fromLower);
        if (own == Observed.NEVER) {
            return flow.start() > foreignReference(connection) + Timeouts.CLOCK_SLACK_SECONDS;
        }
        return flow.start() > own && (!connection.closed() || flow.start() > connection.closedAt());
    }

    /**
     * The end of the last SYN-bearing record of this interface and direction; else of its last record in the direction;
     * else of its last SYN-bearing record in the other.
     */
    private static long ownReference(Tracked connection, FlowRecord flow, boolean fromLower) {
        long syn = Observed.NEVER;
        long any = Observed.NEVER;
        long answer = Observed.NEVER;
        for (Observed one : connection.observed) {
            if (!one.by(flow.observer())) {
                continue;
            }
            if (one.fromLower() == fromLower) {
                syn = Math.max(syn, one.synEnd);
                any = Math.max(any, one.end);
            } else {
                answer = Math.max(answer, one.synEnd);
            }
        }
        if (syn != Observed.NEVER) {
            return syn;
        }
        return any != Observed.NEVER ? any : answer;
    }

    /** The close evidence; where there is none, the last SYN of any interface; where there is none, the last record. */
    private static long foreignReference(Tracked connection) {
        if (connection.closed()) {
            return connection.closedAt();
        }
        long syn = Observed.NEVER;
        for (Observed one : connection.observed) {
            syn = Math.max(syn, one.synEnd);
        }
        return syn != Observed.NEVER ? syn : connection.end;
    }
}
