package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;

/**
 * Whether records of a connection may be missing: an interface that observed it has lost some (SKIPDATA) between one
 * minute before its start and one minute after its end.
 *
 * <p>Lost records are remembered for 48 h, so only the last 24 h of a connection are looked at. A SKIPDATA record longer
 * than W + 60 s (W is configured too short) counts only if it is certain to be here by the time the connection is final.
 */
final class CoverageGap {

    static final long MARGIN_SECONDS = 60;

    static final long LOOKED_BACK_SECONDS = 24 * 60 * 60;

    private CoverageGap() {}

    static boolean of(Ended ended, Outlet outlet) {
        Tracked connection = ended.connection();
        long from = Math.max(connection.earliest - MARGIN_SECONDS, connection.end - LOOKED_BACK_SECONDS);
        long to = connection.end + MARGIN_SECONDS;
        long knownBy = ended.reason() == EndReason.END_OF_INPUT ? Long.MAX_VALUE : ended.finalAt();
        for (Observed one : connection.observed) {
            if (outlet.lostRecords(one.observer.interfaceId(), from, to, knownBy)) {
                return true;
            }
        }
        return false;
    }
}
