package io.flowsentinel.parse;

/**
 * Reads IPv6 addresses in every form of RFC 4291 section 2.2: full, compressed, with an embedded IPv4 address, upper or
 * lower case; no zone and no prefix length. AWS does not say which form its logs use. Reused; one thread.
 */
final class Ipv6Text {

    private static final int GROUPS = 8;
    private static final int GROUP_DIGITS = 4;
    private static final int LONGEST = 45;
    private static final int NONE = -1;

    private final int[] groups = new int[GROUPS];
    private int count;
    private int compressedAt;
    private long high;
    private long low;

    /** Reads an address for {@link #high} and {@link #low}; false where the text is none. */
    boolean read(byte[] buffer, int from, int to) {
        count = 0;
        compressedAt = NONE;
        int length = to - from;
        if (length < 2 || length > LONGEST) {
            return false;
        }
        int at = from;
        if (buffer[from] == ':') {
            if (buffer[from + 1] != ':') {
                return false;
            }
            compressedAt = 0;
            at += 2;
        }
        while (at >= 0 && at < to) {
            at = readGroup(buffer, at, to);
        }
        return at == to && expand();
    }

    /** The first eight bytes of the address read last. */
    long high() {
        return high;
    }

    /** The last eight bytes of the address read last. */
    long low() {
        return low;
    }

    /** Reads one group and the colons after it; where the next one starts, or {@link #NONE} for a fault. */
    private int readGroup(byte[] buffer, int from, int to) {
        int at = from;
        int value = 0;
        for (; at < to && at - from <= GROUP_DIGITS; at++) {
            int digit = Character.digit(buffer[at], 16);
            if (digit < 0) {
                break;
            }
            value = value << 4 | digit;
        }
        if (at < to && buffer[at] == '.') {
            return embedded(buffer, from, to);
        }
        if (at == from || at - from > GROUP_DIGITS || !add(value)) {
            return NONE;
        }
        return at == to ? to : afterColon(buffer, at, to);
    }

    private int afterColon(byte[] buffer, int colon, int to) {
        int next = colon + 1;
        if (buffer[colon] != ':' || next == to) {
            return NONE;
        }
        if (buffer[next] != ':') {
            return next;
        }
        if (compressedAt != NONE) {
            return NONE;
        }
        compressedAt = count;
        return next + 1;
    }

    /** The last 32 bits as a dotted quad. */
    private int embedded(byte[] buffer, int from, int to) {
        long bits = Ipv4Text.read(buffer, from, to);
        return bits != Ipv4Text.INVALID && add((int) (bits >>> 16)) && add((int) bits & 0xffff) ? to : NONE;
    }

    private boolean add(int group) {
        if (count == GROUPS) {
            return false;
        }
        groups[count++] = group;
        return true;
    }

    /** Puts the zero groups that "::" stands for, at least one, back in. */
    private boolean expand() {
        boolean complete = compressedAt == NONE ? count == GROUPS : count < GROUPS;
        high = 0;
        low = 0;
        for (int i = 0; complete && i < count; i++) {
            boolean behindGap = compressedAt != NONE && i >= compressedAt;
            int position = behindGap ? GROUPS - count + i : i;
            long bits = (long) groups[i] << 48 - 16 * (position & 3);
            if (position < GROUPS / 2) {
                high |= bits;
            } else {
                low |= bits;
            }
        }
        return complete;
    }
}
