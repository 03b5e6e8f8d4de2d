package io.flowsentinel.source.lines;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line feeds many bytes at a time, the "find a zero byte in a word" way of Hacker's Delight, chapter 6. */
final class Newlines {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = ONES * '\n';
    private static final int FOUR_WORDS = 4 * Long.BYTES;

    private Newlines() {}

    /** The index of the first line feed from {@code from} to before {@code to}; -1 if there is none. */
    static int indexOf(byte[] bytes, int from, int to) {
        int at = from;
        while (at <= to - FOUR_WORDS && !anyIn(bytes, at)) {
            at += FOUR_WORDS;
        }
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long marks = marks(bytes, at);
            if (marks != 0) {
                return at + Long.numberOfTrailingZeros(marks) / Byte.SIZE;
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static boolean anyIn(byte[] bytes, int at) {
        return (marks(bytes, at)
                        | marks(bytes, at + Long.BYTES)
                        | marks(bytes, at + 2 * Long.BYTES)
                        | marks(bytes, at + 3 * Long.BYTES))
                != 0;
    }

    /** The high bit of each byte that is a line feed. The lowest one is exact; a borrow can only mark bytes above it. */
    private static long marks(byte[] bytes, int at) {
        long zeroWhereLineFeed = (long) WORDS.get(bytes, at) ^ LINE_FEEDS;
        return (zeroWhereLineFeed - ONES) & ~zeroWhereLineFeed & HIGH_BITS;
    }
}
