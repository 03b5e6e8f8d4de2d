package io.flowsentinel.sink;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.Connection.Verdict;
import java.util.List;

/** OCSF Network Activity's word for what became of a connection. */
final class ConnectionActivity {

    private static final Ocsf.Value CLOSE = new Ocsf.Value(2, "Close");
    private static final Ocsf.Value RESET = new Ocsf.Value(3, "Reset");
    private static final Ocsf.Value FAIL = new Ocsf.Value(4, "Fail");
    private static final Ocsf.Value REFUSE = new Ocsf.Value(5, "Refuse");
    private static final Ocsf.Value TRAFFIC = new Ocsf.Value(6, "Traffic");

    /** Every activity a connection may have. */
    static final List<Ocsf.Value> ALL = List.of(CLOSE, RESET, FAIL, REFUSE, TRAFFIC);

    private ConnectionActivity() {}

    static Ocsf.Value of(Connection connection) {
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
