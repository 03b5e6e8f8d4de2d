package io.flowsentinel.source;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of an object as stored, through one big buffer, with a count of those that were consumed. */
final class StoredBytes implements AutoCloseable {

    private static final int BUFFER_BYTES = 128 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private long fetched;

    StoredBytes(InputStream in) {
        this.in = in;
    }

    /** Makes at least one byte available. False at the end of the object. */
    boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        position = 0;
        limit = 0;
        int count = fetch(0);
        return count > 0;
    }

    /** Makes {@code wanted} bytes available if the object has as many left, and tells whether it has. */
    boolean fill(int wanted) throws IOException {
        if (limit - position >= wanted) {
            return true;
        }
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        while (limit < wanted) {
            if (fetch(limit) <= 0) {
                return false;
            }
        }
        return true;
    }

    /** The next byte, unsigned; -1 at the end of the object. */
    int next() throws IOException {
        return fill() ? buffer[position++] & 0xff : -1;
    }

    byte[] buffer() {
        return buffer;
    }

    /** Where the available bytes begin in {@link #buffer()}. */
    int position() {
        return position;
    }

    int available() {
        return limit - position;
    }

    void consume(int count) {
        position += count;
    }

    long consumed() {
        return fetched - available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private int fetch(int offset) throws IOException {
        int count;
        try {
            count = in.read(buffer, offset, BUFFER_BYTES - offset);
        } catch (RuntimeException clientFailed) {
            // Storage clients throw unchecked exceptions of their own; to this package they are all failed reads.
            throw new IOException(clientFailed.toString(), clientFailed);
        }
        if (count > 0) {
            limit += count;
            fetched += count;
        }
        return count;
    }
}
