package io.flowsentinel.source.lines;

import java.util.Arrays;

/** A line in the making. Memory is bounded: what goes beyond the longest line is left out. */
final class ParquetRow {

    private static final int FIRST_BYTES = 512;
    private static final byte[] HEXADECIMAL = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
    };

    private final byte[] digits = new byte[20];
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private boolean overlong;

    void begin() {
        length = 0;
        overlong = false;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean overlong() {
        return overlong;
    }

    void one(int octet) {
        if (hasRoom(1)) {
            bytes[length++] = (byte) octet;
        }
    }

    void number(long value) {
        int at = digits.length;
        long rest = value;
        do {
            at--;
            digits[at] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (value < 0) {
            at--;
            digits[at] = '-';
        }
        raw(digits, at, digits.length);
    }

    /** Bytes that are fit for a line. */
    void raw(byte[] from, int begin, int end) {
        int count = end - begin;
        if (!hasRoom(count)) {
            count = bytes.length - length;
        }
        System.arraycopy(from, begin, bytes, length, count);
        length += count;
    }

    /** As AWS writes the values of tags. */
    void percentEncoded(byte octet) {
        one('%');
        one(HEXADECIMAL[(octet & 0xf0) >> 4]);
        one(HEXADECIMAL[octet & 0x0f]);
    }

    private boolean hasRoom(int more) {
        return more <= bytes.length - length || makeRoom(more);
    }

    /** False if the line would be too long with so many bytes more; then there is room for the longest line. */
    private boolean makeRoom(int more) {
        overlong = more > ObjectLines.MAX_LINE_BYTES - length;
        int wanted = overlong ? ObjectLines.MAX_LINE_BYTES : Math.max(length + more, 2 * bytes.length);
        bytes = Arrays.copyOf(bytes, Math.min(wanted, ObjectLines.MAX_LINE_BYTES));
        return !overlong;
    }
}
