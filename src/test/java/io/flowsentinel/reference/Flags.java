package io.flowsentinel.reference;

/** TCP flags as the specification reads them. */
final class Flags {

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;
    static final int SYN_ACK = SYN | ACK;

    /** The OR of no record at all. */
    static final int NO_RECORD = -1;

    private Flags() {}

    /** Keeps 1, 2 and 4, and 16 only where 2 is set; absent flags count as 0. */
    static int masked(int logged) {
        if (logged < 0) {
            return 0;
        }
        int ends = logged & (FIN | SYN | RST);
        return (logged & SYN) == 0 ? ends : ends | logged & ACK;
    }

    static boolean synOnly(int masked) {
        return masked != NO_RECORD && (masked & SYN_ACK) == SYN;
    }

    static boolean synAck(int masked) {
        return masked != NO_RECORD && (masked & SYN_ACK) == SYN_ACK;
    }

    static boolean has(int masked, int bits) {
        return masked != NO_RECORD && (masked & bits) == bits;
    }
}
