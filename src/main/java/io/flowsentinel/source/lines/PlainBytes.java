package io.flowsentinel.source.lines;

import java.io.IOException;

/** The text of an object that is not compressed. */
final class PlainBytes implements TextBytes {

    private final StoredBytes stored;

    PlainBytes(StoredBytes stored) {
        this.stored = stored;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return stored.read(into, offset, length);
    }
}
