package io.flowsentinel.source.lines;

import java.io.IOException;
import java.util.Arrays;

/**
 * Cuts text into lines. A line is {@code buffer()} from {@code from()} to before {@code to()}, valid until the next call
 * of {@link #ready()} or {@link #advance()}. Memory is bounded: of a line longer than the given length only so many bytes
 * are kept.
 */
final class LineReader {

    private static final int NONE = -1;

    private final TextBytes text;
    private final int maxLineBytes;

    /** Holds text from {@code start} to {@code limit}; of that, {@code scanned} marks what holds no line feed. */
    private byte[] buffer;

    private int start;
    private int scanned;
    private int limit;
    private boolean atEnd;

    /** Where the line that begins at {@code start} ends; {@link #NONE} while that is not known. */
    private int feed = NONE;

    /** Whether the head of an overlong line is kept at the buffer's beginning, its rest being read over. */
    private boolean skipping;

    private int from;
    private int to;
    private boolean overlong;

    /** @param bufferBytes what is held while no line is longer; it grows to little more than twice the longest allowed */
    LineReader(TextBytes text, int bufferBytes, int maxLineBytes) {
        this.text = text;
        this.maxLineBytes = maxLineBytes;
        this.buffer = new byte[Math.min(bufferBytes, maxLineBytes + 2)];
    }

    /**
     * Takes in the text at hand until the next line is whole, and tells whether it is, or whether the text is over.
     *
     * @throws IOException as {@link #advance()}
     */
    boolean ready() throws IOException {
        while (!lineIsKnown()) {
            if (!text.ready()) {
                return false;
            }
            takeIn();
        }
        return true;
    }

    /**
     * Moves to the next line. False at the end of the text.
     *
     * @throws IOException when the text cannot be read on: the unfinished line before the fault is no line
     */
    boolean advance() throws IOException {
        while (!lineIsKnown()) {
            takeIn();
        }
        if (feed == NONE && start == limit && !skipping) {
            return false;
        }
        int end = feed == NONE ? limit : feed;
        if (skipping) {
            from = 0;
            to = maxLineBytes;
            overlong = true;
        } else {
            line(end);
        }
        start = feed == NONE ? limit : feed + 1;
        scanned = start;
        feed = NONE;
        skipping = false;
        return true;
    }

    byte[] buffer() {
        return buffer;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Whether the line is cut because it is longer than the longest allowed. */
    boolean overlong() {
        return overlong;
    }

    private boolean lineIsKnown() {
        if (feed == NONE) {
            feed = Newlines.indexOf(buffer, scanned, limit);
            scanned = feed == NONE ? limit : feed;
        }
        return feed != NONE || atEnd;
    }

    private void line(int end) {
        from = start;
        to = end > start && buffer[end - 1] == '\r' ? end - 1 : end;
        overlong = to - from > maxLineBytes;
        if (overlong) {
            to = from + maxLineBytes;
        }
    }

    private void takeIn() throws IOException {
        if (!skipping && limit - start > maxLineBytes + 1) {
            System.arraycopy(buffer, start, buffer, 0, maxLineBytes);
            start = 0;
            skipping = true;
        }
        if (skipping) {
            limit = maxLineBytes;
            scanned = maxLineBytes;
        } else if (limit == buffer.length) {
            makeRoom();
        }
        int count = text.read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            atEnd = true;
        } else {
            limit += count;
        }
    }

    private void makeRoom() {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, limit - start);
            limit -= start;
            scanned -= start;
            start = 0;
        } else {
            // Twice the longest line and a bit: an overlong line leaves room behind its head to read the rest over.
            buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, 2L * maxLineBytes + 4));
        }
    }
}
