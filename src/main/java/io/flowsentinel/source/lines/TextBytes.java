package io.flowsentinel.source.lines;

import java.io.IOException;

/** The text of an object, decompressed where it is compressed. */
interface TextBytes extends AutoCloseable {

    /**
     * Reads up to {@code length} bytes, at least one; -1 at the end of the text.
     *
     * @throws IOException when the object cannot be read or is corrupt; the message says how
     */
    int read(byte[] into, int offset, int length) throws IOException;

    /** Whether the next read finds bytes, the end or a fault at hand, and need not wait for them. */
    default boolean ready() {
        return true;
    }

    /** Lets go of what is held besides memory. What is stored belongs to the one who opened it. */
    @Override
    default void close() {}
}
