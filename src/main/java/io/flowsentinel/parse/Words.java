package io.flowsentinel.parse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads byte ranges eight bytes at a time: what hashing and comparing tokens costs decides the parser's speed. */
final class Words {

    static final int BYTES = Long.BYTES;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private Words() {}

    /** The eight bytes at {@code index}, the first one lowest. */
    static long at(byte[] buffer, int index) {
        return (long) LONGS.get(buffer, index);
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
