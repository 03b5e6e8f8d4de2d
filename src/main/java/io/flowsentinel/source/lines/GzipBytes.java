package io.flowsentinel.source.lines;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The text of a gzip object of any number of members (RFC 1952), to its true end.
 *
 * <p>Not {@link java.util.zip.GZIPInputStream}: that one ends at the first member when the stream below has nothing
 * available at that moment, and takes a broken later member for the end.
 */
final class GzipBytes implements TextBytes {

    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final StoredBytes stored;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private boolean inMember;
    private boolean anyMember;

    GzipBytes(StoredBytes stored) {
        this.stored = stored;
    }

    /** Whether an object is gzip: its first bytes decide, not its name. */
    static boolean isGzip(StoredBytes stored) throws IOException {
        return stored.fill(2)
                && (stored.buffer()[stored.position()] & 0xff) == MAGIC_1
                && (stored.buffer()[stored.position() + 1] & 0xff) == MAGIC_2;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (inMember || beginMember()) {
            int count = inflate(into, offset, length);
            if (count > 0) {
                crc.update(into, offset, count);
                return count;
            }
            if (inflater.finished()) {
                endMember();
            }
        }
        return -1;
    }

    @Override
    public void close() {
        inflater.end();
    }

    private int inflate(byte[] into, int offset, int length) throws IOException {
        if (!inflater.finished()) {
            if (!stored.fill()) {
                throw new CorruptObjectException("truncated gzip: it ends in the middle of its data");
            }
            inflater.setInput(stored.buffer(), stored.position(), stored.available());
        }
        try {
            int before = stored.available();
            int count = inflater.inflate(into, offset, length);
            stored.consume(before - inflater.getRemaining());
            if (inflater.needsDictionary()) {
                throw new CorruptObjectException("corrupt gzip: it asks for a dictionary");
            }
            return count;
        } catch (DataFormatException corrupt) {
            throw new CorruptObjectException("corrupt gzip: " + corrupt.getMessage(), corrupt);
        }
    }

    /** False at the end of the object; zeros after the last member are padding. */
    private boolean beginMember() throws IOException {
        int first = stored.next();
        while (anyMember && first == 0) {
            first = stored.next();
        }
        if (first < 0) {
            return false;
        }
        if (first != MAGIC_1 || headerByte() != MAGIC_2 || headerByte() != DEFLATE) {
            throw new CorruptObjectException("corrupt gzip: what follows a member is no member");
        }
        int flags = headerByte();
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(headerByte() | headerByte() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        inMember = true;
        anyMember = true;
        return true;
    }

    private void endMember() throws IOException {
        long length = inflater.getBytesWritten() & 0xffffffffL;
        if (littleEndian() != crc.getValue() || littleEndian() != length) {
            throw new CorruptObjectException("corrupt gzip: the checksum differs");
        }
        inMember = false;
    }

    private long littleEndian() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= (long) headerByte() << shift;
        }
        return value;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            headerByte();
        }
    }

    private void skipText() throws IOException {
        int next = headerByte();
        while (next != 0) {
            next = headerByte();
        }
    }

    private int headerByte() throws IOException {
        int next = stored.next();
        if (next < 0) {
            throw new CorruptObjectException("truncated gzip: it ends in a header or trailer");
        }
        return next;
    }
}
