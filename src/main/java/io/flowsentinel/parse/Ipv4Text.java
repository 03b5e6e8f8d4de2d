package io.flowsentinel.parse;

/** Reads dotted quads, strictly: four octets from 0 to 255 without leading zeros, nothing around them. */
final class Ipv4Text {

    /** The text is no IPv4 address. */
    static final long INVALID = -1;

    private static final int SHORTEST = 7;
    private static final int LONGEST = 15;

    private Ipv4Text() {}

    /** The 32 bits of the address, unsigned, or {@link #INVALID}. */
    static long read(byte[] buffer, int from, int to) {
        if (to - from < SHORTEST || to - from > LONGEST) {
            return INVALID;
        }
        long address = 0;
        int dots = 0;
        int octet = 0;
        int octetStart = from;
        for (int i = from; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit >= 0 && digit <= 9) {
                octet = octet * 10 + digit;
            } else if (buffer[i] == '.' && isOctet(buffer, octetStart, i, octet)) {
                address = address << 8 | octet;
                octet = 0;
                octetStart = i + 1;
                dots++;
            } else {
                return INVALID;
            }
        }
        return dots == 3 && isOctet(buffer, octetStart, to, octet) ? address << 8 | octet : INVALID;
    }

    private static boolean isOctet(byte[] buffer, int from, int to, int value) {
        int digits = to - from;
        return digits > 0 && value <= 255 && (buffer[from] != '0' || digits == 1);
    }
}
