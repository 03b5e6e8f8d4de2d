package io.flowsentinel.parse;

import java.nio.charset.StandardCharsets;

/**
 * The fields of one line, found without copying them: a single space ends a field, two in a row enclose an empty one.
 *
 * <p>Looks at many bytes at a time for spaces. Reused for every line; one thread.
 */
final class Tokens {

    /** Fields kept of one line; AWS defines fewer than 100. More are counted, not kept. */
    static final int CAPACITY = 1024;

    /** What {@link #number} says of text that is no number. */
    static final long NOT_A_NUMBER = -1;

    /** So many digits fit a long whatever they are. */
    private static final int SAFE_DIGITS = 18;

    private static final long SPACES = 0x2020202020202020L;

    private final int[] ends = new int[CAPACITY];
    private byte[] buffer = new byte[0];
    private int lineStart;
    private int count;

    /** Finds the fields of a line; the bytes must stay as they are while they are asked for. */
    void scan(byte[] bytes, int from, int to) {
        buffer = bytes;
        lineStart = from;
        int found = 0;
        for (int i = from; i < to; i += Long.SIZE) {
            // All of 64 bytes at once: the processor guesses wrong once where the last of them is, not at every word.
            long spaces = spaces(bytes, i, to);
            while (spaces != 0) {
                found = endAt(found, i + Long.numberOfTrailingZeros(spaces));
                spaces &= spaces - 1;
            }
        }
        count = endAt(found, to);
    }

    /** A bit for each space of the next 64 bytes, the first one's lowest; none where the line has ended. */
    private static long spaces(byte[] bytes, int from, int to) {
        long spaces = 0;
        if (from + Long.SIZE <= bytes.length) {
            for (int i = 0; i < Long.SIZE; i += Words.BYTES) {
                spaces |= (long) Words.bytesOf(Words.at(bytes, from + i), SPACES) << i;
            }
            return to - from < Long.SIZE ? spaces & (1L << to - from) - 1 : spaces;
        }
        for (int i = from; i < Math.min(to, from + Long.SIZE); i++) {
            spaces |= bytes[i] == ' ' ? 1L << i - from : 0;
        }
        return spaces;
    }

    private int endAt(int found, int end) {
        if (found < CAPACITY) {
            ends[found] = end;
        }
        return found + 1;
    }

    /** How many fields the line has; above {@link #CAPACITY} only the first are kept. */
    int count() {
        return count;
    }

    byte[] buffer() {
        return buffer;
    }

    int start(int index) {
        return index == 0 ? lineStart : ends[index - 1] + 1;
    }

    int end(int index) {
        return ends[index];
    }

    /** Whether the field is {@code -}: not applicable or not known. */
    boolean absent(int index) {
        int start = start(index);
        return ends[index] - start == 1 && buffer[start] == '-';
    }

    /** Whether the field is exactly this ASCII text. */
    boolean is(int index, byte[] text) {
        int start = start(index);
        return ends[index] - start == text.length && Words.same(buffer, start, text, 0, text.length);
    }

    /** Whether two fields hold the same bytes. */
    boolean same(int index, int other) {
        int start = start(index);
        int otherStart = start(other);
        int length = ends[index] - start;
        return length == ends[other] - otherStart && Words.same(buffer, start, buffer, otherStart, length);
    }

    /** The field as a number from 0 to {@link Long#MAX_VALUE}, digits only; else {@link #NOT_A_NUMBER}. */
    long number(int index) {
        int from = start(index);
        int to = ends[index];
        if (to - from > SAFE_DIGITS) {
            return longNumber(from, to);
        }
        long value = from == to ? NOT_A_NUMBER : 0;
        int i = from;
        if (to - from >= Words.BYTES) {
            value = Words.eightDigits(buffer, from);
            i += Words.BYTES;
            if (value < 0) {
                return NOT_A_NUMBER;
            }
        }
        for (; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9) {
                return NOT_A_NUMBER;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** As {@link #number}, for so many digits that the value may not fit. */
    private long longNumber(int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = buffer[i] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return NOT_A_NUMBER;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** The field as text. */
    String text(int index) {
        int start = start(index);
        return new String(buffer, start, ends[index] - start, StandardCharsets.UTF_8);
    }

    /** The field as text; null where it is {@code -} or there is no such column. */
    String textOrNull(int index) {
        return index == FlowLogFormat.NO_COLUMN || absent(index) ? null : text(index);
    }
}
