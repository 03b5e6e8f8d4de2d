package io.flowsentinel.source;

import io.flowsentinel.source.lines.ObjectLines;
import java.util.List;
import java.util.function.Consumer;
import javax.annotation.Nullable;

/**
 * Decodes one object, line by line, within one thread. After a restore, or at a further attempt, the lines that were given
 * out before are given again with a consumer that discards, and so is their account: only what they tell of the lines after
 * them (a header) is taken from them.
 *
 * @param <T> the element
 */
public interface ObjectDecoder<T> {

    /**
     * The object's own schema names its columns: no header line, and before any line.
     *
     * @param names in the order of the fields of a line
     */
    void columns(List<String> names);

    /**
     * One line, from {@code from} to before {@code to}, without its line terminator ({@code \n} or {@code \r\n}).
     *
     * @param buffer reused after the call
     * @param lineNumber from 1
     */
    void line(byte[] buffer, int from, int to, long lineNumber, Consumer<T> out);

    /** The first {@link ObjectLines#MAX_LINE_BYTES} bytes of a line that is longer; the rest of it is skipped. */
    default void overlongLine(byte[] buffer, int from, int to, long lineNumber, Consumer<T> out) {
        line(buffer, from, to, lineNumber, out);
    }

    /**
     * Emits the account of the lines since the last call. What belongs together, some lines and their account, is given out
     * as a whole.
     *
     * @param storedBytes bytes of the object as it is stored (compressed where it is compressed) that were consumed for
     *     these lines
     */
    void account(long storedBytes, Consumer<T> out);

    /**
     * The object is over, all its lines accounted for. Emits what belongs to the object as a whole.
     *
     * @param fault null when the object was read to its end, else the reason in one line
     * @param retries how many attempts after the first one were made
     */
    void end(@Nullable String fault, int retries, Consumer<T> out);

    /**
     * The latest event second seen, which places an object whose name tells no slot; {@link Long#MIN_VALUE} if none.
     */
    long latestSeconds();
}
