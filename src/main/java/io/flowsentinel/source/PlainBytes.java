package io.flowsentinel.source;

import java.io.IOException;

/** The text of an object that is not compressed. */
final class PlainBytes implements TextBytes {

    private final StoredBytes stored;

    PlainBytes(StoredBytes stored) {
        this.stored = stored;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (!stored.fill()) {
            return -1;
        }
        int count = Math.min(length, stored.available());
        System.arraycopy(stored.buffer(), stored.position(), into, offset, count);
        stored.consume(count);
        return count;
    }

    @Override
    public void close() {
        // The stored bytes belong to the one who opened them.
    }
}
