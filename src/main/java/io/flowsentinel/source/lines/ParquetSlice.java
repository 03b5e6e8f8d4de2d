package io.flowsentinel.source.lines;

import org.apache.parquet.bytes.BytesInput;

/** Some bytes of an array. */
final class ParquetSlice {

    private final byte[] bytes;
    private final int offset;
    private final int length;

    ParquetSlice(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** @throws ParquetFault when the slice has no such part */
    ParquetSlice part(int from, int partLength) throws ParquetFault {
        if (from < 0 || partLength < 0 || partLength > length - from) {
            throw new ParquetFault("a part of a page is at " + from + " and " + partLength
                    + " bytes long; expected to lie within its " + length + " bytes");
        }
        return new ParquetSlice(bytes, offset + from, partLength);
    }

    BytesInput toInput() {
        return BytesInput.from(bytes, offset, length);
    }
}
