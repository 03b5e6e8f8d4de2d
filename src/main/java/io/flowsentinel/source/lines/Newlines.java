package io.flowsentinel.source.lines;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line feeds eight bytes at a time, the "find a zero byte in a word" way of Hacker's Delight, chapter 6. */
final class Newlines {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = ONES * '\n';

    private Newlines() {}

    /** The index of the first line feed from {@code from} to before {@code to}; -1 if there is none. */
    static int indexOf(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long zeroWhereLineFeed = (long) WORDS.get(bytes, at) ^ LINE_FEEDS;
            // The lowest marked byte is exact; a borrow can only mark bytes above it.
            long marks = (zeroWhereLineFeed - ONES) & ~zeroWhereLineFeed & HIGH_BITS;
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
}
