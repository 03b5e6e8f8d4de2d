package io.flowsentinel.sink;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Verdict;

/** OCSF Network Activity's word for what became of a connection. */
enum ConnectionActivity {
    CLOSE(2, "Close"),
    RESET(3, "Reset"),
    FAIL(4, "Fail"),
    REFUSE(5, "Refuse"),
    TRAFFIC(6, "Traffic");

    final int id;
    final String caption;

    ConnectionActivity(int id, String caption) {
        this.id = id;
        this.caption = caption;
    }

    static ConnectionActivity of(Connection connection) {
        if (refused(connection.verdict())) {
            return REFUSE;
        }
        return switch (connection.state()) {
            case REJ -> REFUSE;
            case SF, SH, SHR -> CLOSE;
            case RSTO, RSTR, RSTOS0, RSTRH -> RESET;
            case S0 -> FAIL;
            case S1, S2, S3, OTH -> TRAFFIC;
        };
    }

    /** Whether a filter kept the connection, or its answer, from getting through. */
    static boolean blocked(Verdict verdict) {
        return refused(verdict) || verdict == Verdict.REPLY_DENIED;
    }

    private static boolean refused(Verdict verdict) {
        return switch (verdict) {
            case DENIED, DENIED_EGRESS, DENIED_BY_DESTINATION -> true;
            case ALLOWED, UNSOLICITED_REJECT, STALE_REJECT, MIXED, REPLY_DENIED -> false;
        };
    }
}
