package io.flowsentinel.parse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads byte ranges eight bytes at a time: what hashing and comparing tokens costs decides the parser's speed. */
final class Words {

    static final int BYTES = Long.BYTES;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private Words() {}

    /** The eight bytes at {@code index}, the first one lowest. */
    static long at(byte[] buffer, int index) {
        return (long) LONGS.get(buffer, index);
    }

    /** The four bytes at {@code index}, the first one lowest. */
    static int intAt(byte[] buffer, int index) {
        return (int) INTS.get(buffer, index);
    }

    /**
     * A bit for each byte of a word that is as in the other, the lowest byte's lowest.
     *
     * @param pattern eight times the byte that is looked for
     */
    static int bytesOf(long word, long pattern) {
        long zeroWhereSame = word ^ pattern;
        // Exact, byte by byte: the high bit stays clear only where all eight bits are.
        long same = ~((zeroWhereSame & LOW_BITS) + LOW_BITS | zeroWhereSame | LOW_BITS);
        // Moves the high bit of byte i to bit 56 + i; no two bits meet on the way.
        return (int) ((same >>> 7) * 0x0102040810204080L >>> 56);
    }

    /**
     * The number that the last one to eight characters say; -1 where one of them is no digit.
     *
     * @param to where they end, at least eight
     */
    static int digits(byte[] buffer, int to, int length) {
        // What stands before them is the lowest and becomes zero, a digit that counts for nothing.
        long digits = (at(buffer, to - BYTES) ^ 0x3030303030303030L) & -1L << Long.SIZE - Byte.SIZE * length;
        if (((digits + 0x7676767676767676L | digits) & ~LOW_BITS) != 0) {
            return -1;
        }
        // Pairs, then pairs of pairs: twice two products at once.
        long pairs = digits * 10 + (digits >>> 8);
        long high = (pairs & 0x000000ff000000ffL) * 0x000f424000000064L;
        long low = (pairs >>> 16 & 0x000000ff000000ffL) * 0x0000271000000001L;
        return (int) (high + low >>> 32);
    }

    /**
     * Mixes the length and the last eight bytes of a range into a hash: identifiers differ at their ends. For caches
     * only: the value never leaves the process.
     */
    static long hash(long seed, byte[] buffer, int from, int to) {
        int length = to - from;
        if (length >= BYTES) {
            return mix(seed + length ^ at(buffer, to - BYTES));
        }
        long bytes = length;
        for (int i = from; i < to; i++) {
            bytes = bytes << 8 | buffer[i] & 0xff;
        }
        return mix(seed ^ bytes);
    }

    /** Whether {@code length} bytes of two arrays are the same. */
    static boolean same(byte[] one, int oneFrom, byte[] other, int otherFrom, int length) {
        if (length < BYTES) {
            return sameBytes(one, oneFrom, other, otherFrom, length);
        }
        // The last eight overlap the eight before them, which is cheaper than a loop over what is left.
        int last = length - BYTES;
        for (int i = 0; i < last; i += BYTES) {
            if (at(one, oneFrom + i) != at(other, otherFrom + i)) {
                return false;
            }
        }
        return at(one, oneFrom + last) == at(other, otherFrom + last);
    }

    private static boolean sameBytes(byte[] one, int oneFrom, byte[] other, int otherFrom, int length) {
        for (int i = 0; i < length; i++) {
            if (one[oneFrom + i] != other[otherFrom + i]) {
                return false;
            }
        }
        return true;
    }

    private static long mix(long hash) {
        long product = hash * MULTIPLIER;
        return product ^ product >>> 32;
    }
}
