package io.flowsentinel.source.lines;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.fs.FSDataInputStream;

/**
 * Ranges of the bytes of an object. The end of it, or all of a small one, is fetched once and kept: storage clients
 * make a request for each seek, and most flow log objects are small.
 */
final class ParquetBytes {

    private static final int SMALL_OBJECT_BYTES = 1 << 20;
    private static final int END_BYTES = 64 * 1024;

    /** Up to here reading on is cheaper than another request. */
    private static final int GAP_BYTES = 256 * 1024;

    private final FSDataInputStream in;
    private final long size;
    private final byte[] end;

    ParquetBytes(FSDataInputStream in, long size) throws IOException {
        this.in = in;
        this.size = size;
        int kept = (int) Math.min(size, size <= SMALL_OBJECT_BYTES ? SMALL_OBJECT_BYTES : END_BYTES);
        this.end = fetch(size - kept, kept);
    }

    long size() {
        return size;
    }

    /** @throws IOException also when the object is shorter than it was said to be */
    byte[] read(long offset, int length) throws IOException {
        long keptFrom = size - end.length;
        if (offset >= keptFrom) {
            int from = (int) (offset - keptFrom);
            return Arrays.copyOfRange(end, from, from + length);
        }
        return fetch(offset, length);
    }

    private byte[] fetch(long offset, int length) throws IOException {
        try {
            moveTo(offset);
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new IOException("ends after " + (offset + bytes.length) + " of " + size + " bytes");
            }
            return bytes;
        } catch (RuntimeException clientFailed) {
            // Storage clients throw unchecked exceptions of their own; to this package they are all failed reads.
            throw new IOException(clientFailed.toString(), clientFailed);
        }
    }

    private void moveTo(long offset) throws IOException {
        long gap = offset - in.getPos();
        if (gap > 0 && gap <= GAP_BYTES) {
            in.readNBytes((int) gap);
        }
        if (in.getPos() != offset) {
            in.seek(offset);
        }
    }
}
