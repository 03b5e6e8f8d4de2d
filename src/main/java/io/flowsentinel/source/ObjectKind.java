package io.flowsentinel.source;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.util.IOUtils;

/** How an object is stored: its first bytes decide, not its name. */
enum ObjectKind {
    PARQUET,
    GZIP,
    PLAIN;

    /** Apache Parquet format: a file begins, and ends, with these bytes. */
    private static final byte[] PARQUET_MAGIC = {'P', 'A', 'R', '1'};

    static ObjectKind of(StoredBytes stored) throws IOException {
        if (isParquet(stored)) {
            return PARQUET;
        }
        return GzipBytes.isGzip(stored) ? GZIP : PLAIN;
    }

    /**
     * The rows of a Parquet object, which is read here and there, not from its beginning to its end.
     *
     * @param seekable belongs to the lines from here on
     */
    static ObjectLines parquetLines(FSDataInputStream seekable, long size) throws IOException {
        IOUtils.closeQuietly(seekable);
        throw new CorruptObjectException(
                "is Parquet, which this version does not read; expected text, gzipped or plain");
    }

    /** The text of an object that is no Parquet. */
    TextBytes text(StoredBytes stored) {
        return this == GZIP ? new GzipBytes(stored) : new PlainBytes(stored);
    }

    private static boolean isParquet(StoredBytes stored) throws IOException {
        return stored.fill(PARQUET_MAGIC.length)
                && Arrays.equals(
                        stored.buffer(),
                        stored.position(),
                        stored.position() + PARQUET_MAGIC.length,
                        PARQUET_MAGIC,
                        0,
                        PARQUET_MAGIC.length);
    }
}
