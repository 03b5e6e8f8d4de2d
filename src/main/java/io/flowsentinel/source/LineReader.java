package io.flowsentinel.source;

import java.io.IOException;
import java.util.Arrays;

/**
 * Cuts text into lines. A line is {@code buffer()} from {@code from()} to before {@code to()}, valid until the next
 * {@link #advance()}. Memory is bounded: of a line longer than the given length only so many bytes are kept.
 */
final class LineReader {

    private static final int BUFFER_BYTES = 256 * 1024;

    private final TextBytes text;
    private final int maxLineBytes;

    /** Holds text from {@code start} to {@code limit}; of that, {@code scanned} marks what holds no line feed. */
    private byte[] buffer;

    private int start;
    private int scanned;
    private int limit;
    private boolean atEnd;

    private int from;
    private int to;
    private boolean overlong;
    private boolean terminated;

    LineReader(TextBytes text, int maxLineBytes) {
        this.text = text;
        this.maxLineBytes = maxLineBytes;
        this.buffer = new byte[Math.min(BUFFER_BYTES, maxLineBytes + 2)];
    }

    /**
     * Moves to the next line. False at the end of the text.
     *
     * @throws IOException when the text cannot be read on: the unfinished line before the fault is no line
     */
    boolean advance() throws IOException {
        overlong = false;
        while (true) {
            int feed = Newlines.indexOf(buffer, scanned, limit);
            if (feed >= 0) {
                line(feed);
                terminated = true;
                start = feed + 1;
                scanned = start;
                return true;
            }
            scanned = limit;
            if (limit - start > maxLineBytes + 1) {
                return overlongLine();
            }
            if (!more()) {
                return lastLine();
            }
        }
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

    /** Whether a line feed ends the line; the last line of a text may lack it. */
    boolean terminated() {
        return terminated;
    }

    private void line(int end) {
        from = start;
        to = end > start && buffer[end - 1] == '\r' ? end - 1 : end;
        if (to - from > maxLineBytes) {
            to = from + maxLineBytes;
            overlong = true;
        }
    }

    private boolean lastLine() {
        if (start == limit) {
            return false;
        }
        line(limit);
        terminated = false;
        start = limit;
        return true;
    }

    /** Keeps the head of the line at the buffer's beginning and reads its rest over the bytes behind. */
    private boolean overlongLine() throws IOException {
        int head = maxLineBytes;
        System.arraycopy(buffer, start, buffer, 0, head);
        int feed = -1;
        while (feed < 0) {
            limit = head;
            int count = atEnd ? -1 : text.read(buffer, head, buffer.length - head);
            if (count < 0) {
                atEnd = true;
                break;
            }
            limit += count;
            feed = Newlines.indexOf(buffer, head, limit);
        }
        terminated = feed >= 0;
        start = feed < 0 ? limit : feed + 1;
        scanned = start;
        from = 0;
        to = head;
        overlong = true;
        return true;
    }

    private boolean more() throws IOException {
        if (atEnd) {
            return false;
        }
        if (limit == buffer.length) {
            makeRoom();
        }
        int count = text.read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            atEnd = true;
            return false;
        }
        limit += count;
        return true;
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
