package io.flowsentinel.source.lines;

import java.io.IOException;
import java.util.Arrays;

/** How an object is stored: its first bytes decide, not its name. */
enum ObjectKind {
    PARQUET,
    GZIP,
    PLAIN;

    /** Apache Parquet format: a file begins, and ends, with these bytes, or with the others where it is encrypted. */
    private static final byte[] PARQUET_MAGIC = {'P', 'A', 'R', '1'};

    private static final byte[] ENCRYPTED_PARQUET_MAGIC = {'P', 'A', 'R', 'E'};

    static ObjectKind of(StoredBytes stored) throws IOException {
        if (begins(stored, PARQUET_MAGIC) || begins(stored, ENCRYPTED_PARQUET_MAGIC)) {
            return PARQUET;
        }
        return GzipBytes.isGzip(stored) ? GZIP : PLAIN;
    }

    /** The text of an object that is no Parquet. */
    TextBytes text(StoredBytes stored) {
        return this == GZIP ? new GzipBytes(stored) : new PlainBytes(stored);
    }

    private static boolean begins(StoredBytes stored, byte[] magic) throws IOException {
        int position = stored.fill(magic.length) ? stored.position() : -1;
        return position >= 0
                && Arrays.equals(stored.buffer(), position, position + magic.length, magic, 0, magic.length);
    }
}
