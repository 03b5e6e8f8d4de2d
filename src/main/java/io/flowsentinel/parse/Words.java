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

    /** Mixes a range into a hash. For caches only: the value never leaves the process. */
    static long hash(long seed, byte[] buffer, int from, int to) {
        long hash = seed + (to - from);
        int i = from;
        for (; i + BYTES <= to; i += BYTES) {
            hash = mix(hash ^ at(buffer, i));
        }
        long tail = 0;
        for (; i < to; i++) {
            tail = tail << 8 | buffer[i];
        }
        return mix(hash ^ tail);
    }

    /** Whether {@code length} bytes of two arrays are the same. */
    static boolean same(byte[] one, int oneFrom, byte[] other, int otherFrom, int length) {
        int i = 0;
        for (; i + BYTES <= length; i += BYTES) {
            if (at(one, oneFrom + i) != at(other, otherFrom + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
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
