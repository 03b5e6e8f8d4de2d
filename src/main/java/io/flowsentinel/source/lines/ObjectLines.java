package io.flowsentinel.source.lines;

import java.io.IOException;
import java.util.List;

/**
 * The lines of one object, in order, whatever its format. A line is {@code buffer()} from {@code from()} to before
 * {@code to()}, valid until the next {@link #advance()}. Used by one thread.
 */
public interface ObjectLines {

    /** The longest line that is handed over whole, in bytes. */
    int MAX_LINE_BYTES = 1 << 20;

    /**
     * The names the object's own schema gives its columns, in the order of the fields of a line, spelt as in a header
     * line; empty for text, where a header line may name them.
     */
    List<String> columns();

    /**
     * Whether the next line, or the end of the object, is at hand, so that {@link #advance()} need not wait for it.
     *
     * @throws IOException as {@link #advance()}
     */
    default boolean ready() throws IOException {
        return true;
    }

    /**
     * Moves to the next line. False at the end of the object.
     *
     * @throws IOException when the object cannot be read on; the unfinished line before the fault is no line
     */
    boolean advance() throws IOException;

    byte[] buffer();

    int from();

    int to();

    /** Whether the line is cut because it is longer than {@link #MAX_LINE_BYTES}. */
    boolean overlong();

    /** How many bytes of the object, as it is stored, have been consumed; its size once all lines have been given. */
    long storedBytes();
}
