package io.flowsentinel.parse;

/**
 * Reads dotted quads, strictly: four octets from 0 to 255 without leading zeros, nothing around them.
 *
 * <p>Addresses are as long as they like, so a loop over their characters is mispredicted several times for each. Here the
 * dots are found at once, and every octet is read the same way whatever its length.
 */
final class Ipv4Text {

    /** The text is no IPv4 address. */
    static final long INVALID = -1;

    private static final int SHORTEST = 7;
    private static final int LONGEST = 15;
    private static final int LONGEST_OCTET = 3;

    private static final long DOTS = 0x2e2e2e2e2e2e2e2eL;

    /** The digits in the low three bytes, the last one highest, of an octet by its length; other bytes are cut off. */
    private static final int[] DIGITS = {0, 0xff0000, 0xffff00, 0xffffff};

    /** What an octet of so many digits is at least. */
    private static final int[] LEAST = {0, 0, 10, 100};

    private Ipv4Text() {}

    /** The 32 bits of the address, unsigned, or {@link #INVALID}. */
    static long read(byte[] buffer, int from, int to) {
        int length = to - from;
        if (length < SHORTEST || length > LONGEST) {
            return INVALID;
        }
        int dots = dots(buffer, from, length);
        if (Integer.bitCount(dots) != 3) {
            return INVALID;
        }
        int first = from + Integer.numberOfTrailingZeros(dots);
        dots &= dots - 1;
        int second = from + Integer.numberOfTrailingZeros(dots);
        int third = from + Integer.SIZE - 1 - Integer.numberOfLeadingZeros(dots);
        int a = octet(buffer, from, first);
        int b = octet(buffer, first + 1, second);
        int c = octet(buffer, second + 1, third);
        int d = octet(buffer, third + 1, to);
        return (a | b | c | d) < 0 ? INVALID : Integer.toUnsignedLong(a << 24 | b << 16 | c << 8 | d);
    }

    /** A bit for each character that is a dot, the first one's lowest. */
    private static int dots(byte[] buffer, int from, int length) {
        if (from + 2 * Words.BYTES <= buffer.length) {
            int low = Words.bytesOf(Words.at(buffer, from), DOTS);
            int high = Words.bytesOf(Words.at(buffer, from + Words.BYTES), DOTS);
            return (low | high << Words.BYTES) & (1 << length) - 1;
        }
        int dots = 0;
        for (int i = 0; i < length; i++) {
            dots |= buffer[from + i] == '.' ? 1 << i : 0;
        }
        return dots;
    }

    /** The octet, or a negative number where there is none. */
    private static int octet(byte[] buffer, int from, int to) {
        int length = to - from;
        if (length < 1 || length > LONGEST_OCTET) {
            return -1;
        }
        int digits = (last(buffer, to) ^ 0x303030) & DIGITS[length];
        int value = (digits & 0xff) * 100 + (digits >>> 8 & 0xff) * 10 + (digits >>> 16);
        // A character that is no digit has a high bit now, or gets one by what nine does not.
        int wrong = (digits + 0x767676 | digits) & 0x808080;
        return wrong == 0 && value <= 255 && value >= LEAST[length] ? value : -1;
    }

    /** The last three characters before {@code to}, the last one highest. */
    private static int last(byte[] buffer, int to) {
        if (to >= Integer.BYTES) {
            return Words.intAt(buffer, to - Integer.BYTES) >>> Byte.SIZE;
        }
        int last = 0;
        for (int i = Math.max(0, to - LONGEST_OCTET); i < to; i++) {
            last |= (buffer[i] & 0xff) << Byte.SIZE * (i - to + LONGEST_OCTET);
        }
        return last;
    }
}
