package io.flowsentinel.model;

import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address, held as numbers so that a record costs no byte array.
 *
 * <p>Ordered by address bytes, unsigned, as the connection key asks. Printed as RFC 5952 says.
 *
 * @param high the first 8 bytes of an IPv6 address; 0 for IPv4
 * @param low the last 8 bytes of an IPv6 address; the 32 bits of an IPv4 address, unsigned
 * @param ipv6 whether this is a 16-byte address
 */
public record IpAddress(long high, long low, boolean ipv6) implements Comparable<IpAddress> {

    private static final int GROUPS = 8;

    /** The IPv4 address whose four bytes, most significant first, are {@code bits}. */
    public static IpAddress ipv4(int bits) {
        return new IpAddress(0, Integer.toUnsignedLong(bits), false);
    }

    /** The IPv6 address of these 16 bytes. */
    public static IpAddress ipv6(long high, long low) {
        return new IpAddress(high, low, true);
    }

    /** The address bytes in network order: 4 or 16. */
    public byte[] bytes() {
        return ipv6
                ? ByteBuffer.allocate(16).putLong(high).putLong(low).array()
                : ByteBuffer.allocate(4).putInt((int) low).array();
    }

    @Override
    public int compareTo(IpAddress other) {
        if (ipv6 != other.ipv6) {
            return java.util.Arrays.compareUnsigned(bytes(), other.bytes());
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** Stable on every JVM and for ever: Flink routes by it. */
    @Override
    public int hashCode() {
        return (31 * Long.hashCode(high) + Long.hashCode(low)) * 2 + (ipv6 ? 1 : 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && high == that.high && low == that.low && ipv6 == that.ipv6;
    }

    @Override
    public String toString() {
        return ipv6 ? ipv6Text() : ipv4Text();
    }

    private String ipv4Text() {
        return (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
    }

    /** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as "::". */
    private String ipv6Text() {
        if (high == 0 && low >>> 32 == 0xffff) {
            return "::ffff:" + ipv4((int) low);
        }
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int j = i;
            while (j < GROUPS && group(j) == 0) {
                j++;
            }
            if (j - i > runLength) {
                runStart = i;
                runLength = j - i;
            }
            i = Math.max(i, j - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> 48 - 16 * (index & 3)) & 0xffff;
    }
}
