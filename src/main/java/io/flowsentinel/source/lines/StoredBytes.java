package io.flowsentinel.source.lines;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of an object as stored, through one buffer, with a count of those that were consumed. A connection that closes
 * early can look like the end of an object: one that ends before its size is a fault.
 */
final class StoredBytes {

    /** The buffer of all but small objects. */
    static final int BUFFER_BYTES = 128 * 1024;

    /** Enough for what {@link #fill(int)} is asked for. */
    private static final int LEAST_BUFFER_BYTES = 16;

    private final InputStream in;
    private final long size;
    private final byte[] buffer;
    private int position;
    private int limit;
    private long fetched;

    /** @param size the least number of bytes there have to be */
    StoredBytes(InputStream in, long size) {
        this.in = in;
        this.size = size;
        this.buffer = new byte[(int) Math.max(LEAST_BUFFER_BYTES, Math.min(BUFFER_BYTES, size))];
    }

    /** Makes at least one byte available. False at the end of the object. */
    boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        position = 0;
        limit = 0;
        limit = Math.max(0, fetch(buffer, 0, buffer.length));
        return limit > 0;
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
            int count = fetch(buffer, limit, buffer.length - limit);
            if (count <= 0) {
                return false;
            }
            limit += count;
        }
        return true;
    }

    /** The next byte, unsigned; -1 at the end of the object. */
    int next() throws IOException {
        return fill() ? buffer[position++] & 0xff : -1;
    }

    /** Consumes up to {@code length} bytes, past the buffer where it is empty; -1 at the end of the object. */
    int read(byte[] into, int offset, int length) throws IOException {
        if (position == limit) {
            return fetch(into, offset, length);
        }
        int count = Math.min(length, available());
        System.arraycopy(buffer, position, into, offset, count);
        position += count;
        return count;
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

    private int fetch(byte[] into, int offset, int length) throws IOException {
        int count;
        try {
            count = in.read(into, offset, length);
        } catch (RuntimeException clientFailed) {
            // Storage clients throw unchecked exceptions of their own; to this package they are all failed reads.
            throw new IOException(clientFailed.toString(), clientFailed);
        }
        if (count > 0) {
            fetched += count;
        } else if (fetched < size) {
            throw new IOException("ends after " + fetched + " of " + size + " bytes");
        }
        return count;
    }
}
