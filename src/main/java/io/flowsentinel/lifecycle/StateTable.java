package io.flowsentinel.lifecycle;

import static io.flowsentinel.model.Connection.ConnState.OTH;
import static io.flowsentinel.model.Connection.ConnState.REJ;
import static io.flowsentinel.model.Connection.ConnState.RSTO;
import static io.flowsentinel.model.Connection.ConnState.RSTOS0;
import static io.flowsentinel.model.Connection.ConnState.RSTR;
import static io.flowsentinel.model.Connection.ConnState.RSTRH;
import static io.flowsentinel.model.Connection.ConnState.S0;
import static io.flowsentinel.model.Connection.ConnState.S1;
import static io.flowsentinel.model.Connection.ConnState.S2;
import static io.flowsentinel.model.Connection.ConnState.S3;
import static io.flowsentinel.model.Connection.ConnState.SF;
import static io.flowsentinel.model.Connection.ConnState.SH;
import static io.flowsentinel.model.Connection.ConnState.SHR;

import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.TcpFlags;

/**
 * Zeek's conn_state from the OR of the flags of each side, measured against Zeek over real traffic.
 *
 * <p>Rows: what the originator sent. Columns: what the responder sent. The log has no order of packets inside a window,
 * so a cell is the likeliest of the histories that give these two sums.
 */
final class StateTable {

    /** Columns: no record, 0, FIN, RST, FIN+RST, and the last four again with a SYN-ACK. */
    private static final ConnState[][] STATES = {
        /* - */ {OTH, OTH, SHR, RSTRH, RSTRH, OTH, SHR, RSTRH, RSTRH},
        /* 0 */ {OTH, OTH, SHR, RSTRH, RSTRH, S1, S3, RSTR, RSTR},
        /* 1 */ {SH, SH, SF, RSTR, SF, S2, SF, RSTR, SF},
        /* 2 */ {S0, OTH, S3, REJ, REJ, S1, S3, RSTR, RSTR},
        /* 3 */ {SH, SH, SF, RSTR, SF, S2, SF, RSTR, SF},
        /* 4 */ {OTH, OTH, RSTO, RSTR, RSTR, RSTO, RSTO, RSTR, RSTR},
        /* 5 */ {OTH, OTH, SF, RSTR, SF, RSTO, SF, RSTR, SF},
        /* 6 */ {RSTOS0, RSTOS0, RSTO, REJ, REJ, RSTO, RSTO, REJ, RSTR},
        /* 7 */ {OTH, OTH, SF, RSTR, SF, RSTO, SF, RSTR, SF},
    };

    private StateTable() {}

    /**
     * The state of a TCP connection with ACCEPT records.
     *
     * @param originator masked flags the originator sent, or {@link Side#NO_RECORD}
     * @param responder masked flags the responder sent, or {@link Side#NO_RECORD}
     */
    static ConnState of(int originator, int responder) {
        return STATES[row(originator)][column(responder)];
    }

    /** A SYN-ACK of the originator is read as a SYN. */
    private static int row(int flags) {
        return flags == Side.NO_RECORD ? 0 : 1 + (flags & ~TcpFlags.ACK);
    }

    /** A SYN without ACK of the responder is not read at all. */
    private static int column(int flags) {
        if (flags == Side.NO_RECORD) {
            return 0;
        }
        int ends = ((flags & TcpFlags.FIN) != 0 ? 1 : 0) + ((flags & TcpFlags.RST) != 0 ? 2 : 0);
        return TcpFlags.answers(flags) ? 5 + ends : 1 + ends;
    }
}
