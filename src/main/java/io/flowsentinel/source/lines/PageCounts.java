package io.flowsentinel.source.lines;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.annotation.Nullable;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Refuses a page whose own counts are more than it can hold, and tells how much memory the others make the library take.
 * It makes room for what a count says before it looks at how many bytes there are, so that a few corrupt bytes would take
 * gigabytes.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">Parquet encodings</a>
 */
final class PageCounts {

    /** Delta encoding can say that any number of values are the same; writers stay far below. */
    private static final int MAX_DELTA_VALUES = 1 << 24;

    private static final int MAX_DELTA_BLOCK = 1 << 16;

    private final ColumnDescriptor column;
    private final int count;
    private long decodedBytes;

    /** @param count how many values the page has, null ones too */
    PageCounts(ColumnDescriptor column, int count) {
        this.column = column;
        this.count = count;
    }

    /** How much memory decoding takes of what was checked so far, besides that of the page. */
    long decodedBytes() {
        return decodedBytes;
    }

    static void checkDictionary(int count, ParquetSlice values, ColumnDescriptor column) throws ParquetFault {
        int width =
                switch (column.getPrimitiveType().getPrimitiveTypeName()) {
                    case INT64, DOUBLE -> Long.BYTES;
                    case INT32, FLOAT, BINARY -> Integer.BYTES;
                    case FIXED_LEN_BYTE_ARRAY -> column.getPrimitiveType().getTypeLength();
                    case BOOLEAN, INT96 -> throw new ParquetFault("has a dictionary, which its type cannot have");
                };
        if (count < 0 || (long) count * width > values.length()) {
            throw new ParquetFault(
                    "its dictionary says it has " + count + " values; it has " + values.length() + " bytes");
        }
    }

    /** A page of version 1: levels, if there can be nulls, and values behind them. */
    void checkPage(ParquetSlice page, @Nullable Encoding levels, @Nullable Encoding encoding) throws ParquetFault {
        if (count == 0) {
            return;
        }
        int at = 0;
        if (column.getMaxDefinitionLevel() > 0) {
            if (levels == Encoding.RLE) {
                int length = littleEndian(page);
                checkLevels(page.part(Integer.BYTES, length));
                at = Integer.BYTES + length;
            } else {
                at = (count + Byte.SIZE - 1) / Byte.SIZE;
            }
        }
        checkValues(page.part(at, page.length() - at), encoding);
    }

    void checkLevels(ParquetSlice levels) throws ParquetFault {
        if (column.getMaxDefinitionLevel() > 0) {
            checkRuns(levels, 1);
        }
    }

    void checkValues(ParquetSlice values, @Nullable Encoding encoding) throws ParquetFault {
        if (encoding == null || values.length() == 0) {
            return;
        }
        switch (encoding) {
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                int width = values.bytes()[values.offset()];
                if (width < 0 || width > Integer.SIZE) {
                    throw new ParquetFault("a page says its dictionary has ids of " + width + " bits");
                }
                checkRuns(values.part(1, values.length() - 1), width);
            }
            case RLE -> {
                if (column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BOOLEAN) {
                    checkRuns(values.part(Integer.BYTES, littleEndian(values)), 1);
                }
            }
            case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY -> checkDelta(buffer(values));
            case DELTA_BYTE_ARRAY -> {
                // The lengths of what each value shares with the one before it, and those of the rest of each.
                ByteBuffer in = buffer(values);
                checkDelta(in);
                checkDelta(in);
            }
            case BYTE_STREAM_SPLIT -> decodedBytes += values.length();
            case PLAIN, BIT_PACKED -> {
                // No counts of their own.
            }
        }
    }

    /** Runs of one value, and of values packed in groups of eight (RLE / bit-packing hybrid). */
    private void checkRuns(ParquetSlice runs, int width) throws ParquetFault {
        ByteBuffer in = buffer(runs);
        long values = 0;
        long longest = 0;
        while (values < count && in.hasRemaining()) {
            int header = varint(in);
            int length = header >>> 1;
            boolean packed = (header & 1) == 1;
            long bytes = packed ? (long) length * width : (width + Byte.SIZE - 1) / Byte.SIZE;
            values += packed ? (long) length * Byte.SIZE : length;
            // The last group of a page may lack the bytes of values that it does not have.
            boolean fits = bytes <= in.remaining() || values < (long) count + Byte.SIZE;
            if (length == 0 || !fits || values > Integer.MAX_VALUE) {
                throw new ParquetFault("a page says it has a run of " + length + (packed ? " groups" : " values")
                        + "; it has " + count + " values and " + runs.length() + " bytes");
            }
            if (packed) {
                // Unpacked as a whole, from a copy.
                longest = Math.max(longest, (long) length * Byte.SIZE * Integer.BYTES + bytes);
            }
            in.position(in.position() + (int) Math.min(bytes, in.remaining()));
        }
        decodedBytes += longest;
    }

    /** Moves on behind the values, which are decoded all at once. */
    private void checkDelta(ByteBuffer in) throws ParquetFault {
        int block = varint(in);
        int parts = varint(in);
        int total = varint(in);
        boolean sound = parts > 0 && block >= parts && block <= MAX_DELTA_BLOCK;
        if (!sound || total < 0 || total > Math.min(count, MAX_DELTA_VALUES)) {
            throw new ParquetFault("a page says it has " + Integer.toUnsignedString(total) + " values in blocks of "
                    + Integer.toUnsignedString(block) + "; expected at most " + Math.min(count, MAX_DELTA_VALUES));
        }
        decodedBytes += (long) (total + block) * Long.BYTES;
        skipVarint(in);
        int partValues = block / parts;
        for (long left = total - 1L; left > 0; ) {
            skipVarint(in);
            int widths = in.position();
            skip(in, parts);
            for (int part = 0; part < parts && left > 0; part++) {
                skip(in, in.get(widths + part) * (long) ((partValues + Byte.SIZE - 1) / Byte.SIZE));
                left -= partValues;
            }
        }
    }

    private static ByteBuffer buffer(ParquetSlice slice) {
        return ByteBuffer.wrap(slice.bytes(), slice.offset(), slice.length());
    }

    private static void skip(ByteBuffer in, long bytes) throws ParquetFault {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new ParquetFault("a page has values in " + bytes + " bytes; it has " + in.remaining() + " left");
        }
        in.position(in.position() + (int) bytes);
    }

    /** A number that may be longer than {@link #varint} reads, and does not matter. */
    private static void skipVarint(ByteBuffer in) throws ParquetFault {
        while (in.hasRemaining()) {
            if (in.get() >= 0) {
                return;
            }
        }
        throw new ParquetFault("a page has a number that does not end");
    }

    private static int littleEndian(ParquetSlice slice) throws ParquetFault {
        ParquetSlice length = slice.part(0, Integer.BYTES);
        return ByteBuffer.wrap(length.bytes(), length.offset(), length.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    /** Seven bits a byte, the lowest first. */
    private static int varint(ByteBuffer in) throws ParquetFault {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            if (!in.hasRemaining()) {
                break;
            }
            byte part = in.get();
            value |= (part & 0x7f) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new ParquetFault("a page has a number that does not end");
    }
}
