package io.flowsentinel.model;

/**
 * The {@code tcp-flags} field: the OR of FIN, SYN, RST and SYN-ACK over the packets of one record. AWS counts ACK only
 * in packets that also carry SYN, so 18 means SYN-ACK and 2 means SYN.
 */
public final class TcpFlags {

    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;

    /** Known only beside SYN. */
    public static final int ACK = 16;

    public static final int SYN_ACK = 18;

    /** The log has no flags for this record: the column is missing or holds {@code -}. */
    public static final int ABSENT = -1;

    private TcpFlags() {}

    /** The bits with a meaning here: FIN, SYN, RST, and ACK only beside SYN. Absent flags count as 0. */
    public static int mask(int flags) {
        if (flags == ABSENT) {
            return 0;
        }
        return flags & (FIN | SYN | RST) | ((flags & SYN) != 0 ? flags & ACK : 0);
    }

    /** Whether the record carries a SYN and no SYN-ACK: its source opens a connection. */
    public static boolean opens(int flags) {
        return flags != ABSENT && (flags & SYN_ACK) == SYN;
    }

    /** Whether the record carries a SYN-ACK: its source answers an opening. */
    public static boolean answers(int flags) {
        return flags != ABSENT && (flags & SYN_ACK) == SYN_ACK;
    }
}
