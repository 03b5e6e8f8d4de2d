package io.flowsentinel.source;

import java.util.function.Consumer;
import javax.annotation.Nullable;

/**
 * Decodes one object, line by line, within one thread. After a restore the lines up to the restored position are given
 * again with a consumer that discards, so that what belongs to the object as a whole (its header, its accounts) is
 * complete at its end.
 *
 * @param <T> the element
 */
public interface ObjectDecoder<T> {

    /** The longest line that is handed over whole, in bytes. */
    int MAX_LINE_BYTES = 1 << 20;

    /**
     * One line, from {@code from} to before {@code to}, without its line terminator ({@code \n} or {@code \r\n}).
     *
     * @param buffer reused after the call
     * @param lineNumber from 1
     */
    void line(byte[] buffer, int from, int to, long lineNumber, Consumer<T> out);

    /** The first {@link #MAX_LINE_BYTES} bytes of a line that is longer; the rest of it is skipped. */
    default void overlongLine(byte[] buffer, int from, int to, long lineNumber, Consumer<T> out) {
        line(buffer, from, to, lineNumber, out);
    }

    /**
     * The object is over. Emits what belongs to the object as a whole.
     *
     * @param bytesRead bytes of the object as it is stored (compressed where it is compressed), up to its end or to the
     *     fault
     * @param fault null when the object was read to its end, else the reason in one line
     */
    void end(long bytesRead, @Nullable String fault, Consumer<T> out);

    /**
     * The latest event second seen, which places an object whose name tells no slot; {@link Long#MIN_VALUE} if none.
     */
    long latestSeconds();
}
