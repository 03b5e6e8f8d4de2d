package io.flowsentinel.source.lines;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.VersionParser.VersionParseException;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * What the footer of a Parquet file says, as far as rows are concerned, checked against the object: nothing is
 * allocated later for what the object cannot hold.
 *
 * @param rowGroups those that have rows
 * @param writer of the file, since some wrote pages with known mistakes; null if unknown
 * @see <a href="https://parquet.apache.org/docs/file-format/">Parquet file format</a>
 */
record ParquetFooter(List<ParquetColumn> columns, List<RowGroup> rowGroups, @Nullable ParsedVersion writer) {

    /** Some rows, a chunk for each column. */
    record RowGroup(long rows, List<Chunk> chunks) {}

    /** Where the pages of a column are. */
    record Chunk(long offset, int length, CompressionCodec codec) {}

    /** A row group is in memory while its rows are read. */
    static final long MAX_ROW_GROUP_BYTES = 1L << 29;

    private static final int MAX_FOOTER_BYTES = 1 << 23;
    private static final String MAGIC = "PAR1";
    private static final String MAGIC_ENCRYPTED = "PARE";

    /** The length of the footer and the magic bytes. */
    private static final int TRAILER_BYTES = 8;

    /** Names of writers are taken apart by patterns, which take long for long texts. */
    private static final int MAX_WRITER_CHARS = 200;

    static ParquetFooter read(ParquetBytes bytes) throws IOException {
        long end = bytes.size() - TRAILER_BYTES;
        if (end < MAGIC.length()) {
            throw new ParquetFault("is no Parquet file: it has " + bytes.size() + " bytes");
        }
        byte[] trailer = bytes.read(end, TRAILER_BYTES);
        String magic = new String(trailer, Integer.BYTES, MAGIC.length(), StandardCharsets.ISO_8859_1);
        if (magic.equals(MAGIC_ENCRYPTED)) {
            throw new ParquetFault("is encrypted Parquet; expected Parquet that is not encrypted");
        }
        if (!magic.equals(MAGIC)) {
            throw new ParquetFault("truncated or no Parquet file: it does not end with " + MAGIC);
        }
        int length = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length <= 0 || length > Math.min(end - MAGIC.length(), MAX_FOOTER_BYTES)) {
            throw new ParquetFault("corrupt Parquet: its footer says it has " + Integer.toUnsignedString(length)
                    + " bytes; expected at most " + Math.min(end - MAGIC.length(), MAX_FOOTER_BYTES));
        }
        return of(decode(bytes.read(end - length, length)), end - length);
    }

    private static FileMetaData decode(byte[] footer) throws ParquetFault {
        try {
            // With the length, so that a list cannot say that it has more elements than there are bytes.
            return Util.readFileMetaData(new ByteArrayInputStream(footer), footer.length);
        } catch (IOException | RuntimeException | StackOverflowError corrupt) {
            throw new ParquetFault("corrupt Parquet: its footer cannot be read", corrupt);
        }
    }

    /** @param end where the footer begins: all pages come before */
    private static ParquetFooter of(FileMetaData file, long end) throws ParquetFault {
        if (file.isSetEncryption_algorithm()) {
            throw new ParquetFault("has encrypted columns; expected Parquet that is not encrypted");
        }
        List<ParquetColumn> columns = columns(file.getSchema());
        List<RowGroup> rowGroups = new ArrayList<>();
        for (org.apache.parquet.format.RowGroup rowGroup : file.getRow_groups()) {
            if (rowGroup.getNum_rows() != 0) {
                rowGroups.add(rowGroup(rowGroup, columns, end));
            }
        }
        return new ParquetFooter(columns, rowGroups, writer(file.getCreated_by()));
    }

    private static List<ParquetColumn> columns(List<SchemaElement> schema) throws ParquetFault {
        // The first element is the row itself.
        int count = schema.isEmpty() ? 0 : schema.get(0).getNum_children();
        List<ParquetColumn> columns = new ArrayList<>();
        for (SchemaElement element : schema.subList(Math.min(1, schema.size()), schema.size())) {
            columns.add(ParquetColumn.of(element));
        }
        if (columns.isEmpty() || columns.size() != count) {
            throw new ParquetFault(
                    "corrupt Parquet: its schema says it has " + count + " columns and lists " + columns.size());
        }
        return columns;
    }

    private static RowGroup rowGroup(org.apache.parquet.format.RowGroup rowGroup, List<ParquetColumn> columns, long end)
            throws ParquetFault {
        long rows = rowGroup.getNum_rows();
        if (rows < 0 || rowGroup.getColumnsSize() != columns.size()) {
            throw new ParquetFault("corrupt Parquet: a row group says it has " + rows + " rows and "
                    + rowGroup.getColumnsSize() + " columns; the schema has " + columns.size() + " columns");
        }
        List<Chunk> chunks = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < columns.size(); i++) {
            Chunk chunk = chunk(rowGroup.getColumns().get(i), columns.get(i), rows, end);
            chunks.add(chunk);
            total += chunk.length();
        }
        if (total > Math.min(MAX_ROW_GROUP_BYTES, end)) {
            throw new ParquetFault("a row group says it has " + total + " bytes; expected at most "
                    + Math.min(MAX_ROW_GROUP_BYTES, end));
        }
        return new RowGroup(rows, chunks);
    }

    private static Chunk chunk(ColumnChunk chunk, ParquetColumn column, long rows, long end) throws ParquetFault {
        String name = "column '" + column.name() + "' ";
        if (chunk.isSetCrypto_metadata() || chunk.isSetEncrypted_column_metadata()) {
            throw new ParquetFault(name + "is encrypted; expected Parquet that is not encrypted");
        }
        if (chunk.isSetFile_path() || !chunk.isSetMeta_data()) {
            throw new ParquetFault(name + "is in another file; expected all columns in one");
        }
        ColumnMetaData stored = chunk.getMeta_data();
        if (!ParquetCodec.KNOWN.contains(stored.getCodec())) {
            throw new ParquetFault(name + "is compressed by " + stored.getCodec() + "; expected " + ParquetCodec.KNOWN);
        }
        if (!stored.getPath_in_schema().equals(List.of(column.name()))
                || !column.isOf(stored.getType())
                || stored.getNum_values() != rows) {
            throw new ParquetFault("corrupt Parquet: " + name + "has " + stored.getNum_values() + " values of "
                    + stored.getType() + " " + stored.getPath_in_schema() + " in a row group of " + rows + " rows");
        }
        long offset = stored.getData_page_offset();
        if (stored.isSetDictionary_page_offset() && stored.getDictionary_page_offset() > 0) {
            offset = Math.min(offset, stored.getDictionary_page_offset());
        }
        long length = stored.getTotal_compressed_size();
        if (offset < MAGIC.length() || length < 0 || length > Math.min(MAX_ROW_GROUP_BYTES, end - offset)) {
            throw new ParquetFault("corrupt Parquet: " + name + "says it has " + length + " bytes at " + offset
                    + "; expected them between the beginning and the footer at " + end);
        }
        return new Chunk(offset, (int) length, stored.getCodec());
    }

    @Nullable
    private static ParsedVersion writer(@Nullable String createdBy) {
        if (createdBy == null || createdBy.length() > MAX_WRITER_CHARS) {
            return null;
        }
        try {
            return VersionParser.parse(createdBy);
        } catch (VersionParseException | RuntimeException unknown) {
            return null;
        }
    }
}
