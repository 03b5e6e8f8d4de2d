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

    private static final long TEN_TO_THE_8 = 100_000_000;

    private static final long SPACES = 0x2020202020202020L;

    /** About as many fields as 64 bytes have: so many are noted without a look at how many there are. */
    private static final int AT_ONCE = 8;

    /** The space before the first field, as it were, and those behind each field. */
    private final int[] spaces = new int[1 + CAPACITY];

    private byte[] buffer = new byte[0];
    private int count;

    /** Finds the fields of a line; the bytes must stay as they are while they are asked for. */
    void scan(byte[] bytes, int from, int to) {
        buffer = bytes;
        spaces[0] = from - 1;
        int found = 0;
        for (int i = from; i < to; i += Long.SIZE) {
            // All of 64 bytes at once: the processor guesses wrong once where the last of them is, not at every word.
            found = note(found, i, spaces(bytes, i, to));
        }
        count = noteOne(found, to);
    }

    /**
     * Notes where the spaces of 64 bytes are.
     *
     * @param marks a bit for each
     */
    private int note(int found, int from, long marks) {
        int all = found + Long.bitCount(marks);
        long rest = marks;
        int at = found;
        if (found < CAPACITY - AT_ONCE) {
            // Those that are too many are written over by the next ones.
            for (int i = 1; i <= AT_ONCE; i++) {
                spaces[found + i] = from + Long.numberOfTrailingZeros(rest);
                rest &= rest - 1;
            }
            at += AT_ONCE;
        }
        while (rest != 0) {
            at = noteOne(at, from + Long.numberOfTrailingZeros(rest));
            rest &= rest - 1;
        }
        return all;
    }

    private int noteOne(int found, int space) {
        if (found < CAPACITY) {
            spaces[found + 1] = space;
        }
        return found + 1;
    }

    /** A bit for each space of the next 64 bytes, the first one's lowest; none where the line has ended. */
    private static long spaces(byte[] bytes, int from, int to) {
        long marks = 0;
        if (from + Long.SIZE <= bytes.length) {
            for (int i = 0; i < Long.SIZE; i += Words.BYTES) {
                marks |= (long) Words.bytesOf(Words.at(bytes, from + i), SPACES) << i;
            }
            return to - from < Long.SIZE ? marks & (1L << to - from) - 1 : marks;
        }
        for (int i = from; i < Math.min(to, from + Long.SIZE); i++) {
            marks |= bytes[i] == ' ' ? 1L << i - from : 0;
        }
        return marks;
    }

    /** How many fields the line has; above {@link #CAPACITY} only the first are kept. */
    int count() {
        return count;
    }

    byte[] buffer() {
        return buffer;
    }

    int start(int index) {
        return spaces[index] + 1;
    }

    int end(int index) {
        return spaces[index + 1];
    }

    /** Whether the field is {@code -}: not applicable or not known. */
    boolean absent(int index) {
        int start = start(index);
        return end(index) - start == 1 && buffer[start] == '-';
    }

    /** Whether the field is exactly this ASCII text. */
    boolean is(int index, byte[] text) {
        int start = start(index);
        return end(index) - start == text.length && Words.same(buffer, start, text, 0, text.length);
    }

    /** Whether two fields hold the same bytes. */
    boolean same(int index, int other) {
        int start = start(index);
        int otherStart = start(other);
        int length = end(index) - start;
        return length == end(other) - otherStart && Words.same(buffer, start, buffer, otherStart, length);
    }

    /** The field as a number from 0 to {@link Long#MAX_VALUE}, digits only; else {@link #NOT_A_NUMBER}. */
    long number(int index) {
        int from = start(index);
        int to = end(index);
        int length = to - from;
        // Numbers are as long as they like: a loop over their digits is mispredicted once for each.
        if (length > 0 && length <= Words.BYTES && to >= Words.BYTES) {
            return Words.digits(buffer, to, length);
        }
        if (length > Words.BYTES && length <= 2 * Words.BYTES && to >= 2 * Words.BYTES) {
            long high = Words.digits(buffer, to - Words.BYTES, length - Words.BYTES);
            long low = Words.digits(buffer, to, Words.BYTES);
            return (high | low) < 0 ? NOT_A_NUMBER : high * TEN_TO_THE_8 + low;
        }
        return anyNumber(from, to);
    }

    /** As {@link #number}, digit by digit. */
    private long anyNumber(int from, int to) {
        long value = from == to ? NOT_A_NUMBER : 0;
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
        return new String(buffer, start, end(index) - start, StandardCharsets.UTF_8);
    }

    /** The field as text; null where it is {@code -} or there is no such column. */
    String textOrNull(int index) {
        return index == FlowLogFormat.NO_COLUMN || absent(index) ? null : text(index);
    }
}
