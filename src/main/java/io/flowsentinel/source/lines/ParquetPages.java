package io.flowsentinel.source.lines;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import javax.annotation.Nullable;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * The pages of one column in one row group, decompressed one at a time. Faults leave as
 * {@link ParquetDecodingException}, the only way that the library has for them.
 */
final class ParquetPages implements PageReader {

    private final ParquetColumn column;
    private final ParquetFooter.Chunk chunk;
    private final ByteBufferInputStream in;
    private final byte[] bytes;
    private final long rows;
    private final ParquetBudget budget;
    private long rowsRead;

    /** What the page that was read last has taken. */
    private long pageBytes;

    /** The header of a page that is still to be read; null if none is known. */
    @Nullable
    private PageHeader next;

    ParquetPages(ParquetColumn column, ParquetFooter.Chunk chunk, byte[] bytes, long rows, ParquetBudget budget) {
        this.column = column;
        this.chunk = chunk;
        this.bytes = bytes;
        this.in = ByteBufferInputStream.wrap(ByteBuffer.wrap(bytes));
        this.rows = rows;
        this.budget = budget;
    }

    /** How many stored bytes of the column have been read. */
    long consumed() {
        return in.position();
    }

    @Override
    public long getTotalValueCount() {
        return rows;
    }

    @Override
    @Nullable
    public DictionaryPage readDictionaryPage() {
        try {
            next = header();
            if (next.getType() != PageType.DICTIONARY_PAGE) {
                return null;
            }
            PageHeader header = next;
            next = null;
            return dictionary(header);
        } catch (IOException fault) {
            throw new ParquetDecodingException(fault);
        }
    }

    @Override
    public DataPage readPage() {
        try {
            while (true) {
                PageHeader header = next == null ? header() : next;
                next = null;
                long before = pageBytes;
                pageBytes = 0;
                DataPage page = page(header);
                // Not earlier: the library holds a page until it has the next one.
                budget.giveBack(before);
                // The library takes it that a page has values.
                if (page != null && page.getValueCount() > 0) {
                    return page;
                }
            }
        } catch (IOException fault) {
            throw new ParquetDecodingException(fault);
        }
    }

    private PageHeader header() throws IOException {
        if (in.available() == 0) {
            throw new ParquetFault("its pages end after " + rowsRead + " of " + rows + " values");
        }
        PageHeader header = Util.readPageHeader(in);
        int size = header.getUncompressed_page_size();
        if (size < 0 || size > ParquetBudget.PAGE_BYTES) {
            throw new ParquetFault(
                    "a page says it has " + size + " bytes; expected at most " + ParquetBudget.PAGE_BYTES);
        }
        return header;
    }

    private DictionaryPage dictionary(PageHeader page) throws IOException {
        DictionaryPageHeader header = required(page.getDictionary_page_header());
        ParquetSlice values = decompress(stored(page), page.getUncompressed_page_size());
        PageCounts.checkDictionary(header.getNum_values(), values, column.descriptor());
        budget.take(
                values.length() + header.getNum_values() * ParquetBudget.DICTIONARY_VALUE_BYTES,
                "a dictionary of " + header.getNum_values() + " values");
        // It stays as long as the row group.
        pageBytes = 0;
        return new DictionaryPage(values.toInput(), header.getNum_values(), encoding(header.getEncoding()));
    }

    /** Null for a page that has no data. */
    @Nullable
    private DataPage page(PageHeader page) throws IOException {
        ParquetSlice stored = stored(page);
        if (page.getType() == PageType.DATA_PAGE) {
            return page(required(page.getData_page_header()), stored, page.getUncompressed_page_size());
        }
        if (page.getType() == PageType.DATA_PAGE_V2) {
            return page(required(page.getData_page_header_v2()), stored, page.getUncompressed_page_size());
        }
        if (page.getType() == PageType.DICTIONARY_PAGE) {
            throw new ParquetFault("has a dictionary that is not its first page");
        }
        return null;
    }

    private DataPage page(DataPageHeader header, ParquetSlice stored, int size) throws IOException {
        count(header.getNum_values());
        ParquetSlice values = decompress(stored, size);
        PageCounts counts = new PageCounts(column.descriptor(), header.getNum_values());
        counts.checkPage(values, header.getDefinition_level_encoding(), header.getEncoding());
        take(counts.decodedBytes(), "decoding a page");
        return new DataPageV1(
                values.toInput(),
                header.getNum_values(),
                size,
                null,
                encoding(header.getRepetition_level_encoding()),
                encoding(header.getDefinition_level_encoding()),
                encoding(header.getEncoding()));
    }

    private DataPage page(DataPageHeaderV2 header, ParquetSlice stored, int size) throws IOException {
        count(header.getNum_values());
        int repetitionLength = header.getRepetition_levels_byte_length();
        int definitionLength = header.getDefinition_levels_byte_length();
        ParquetSlice repetitions = stored.part(0, repetitionLength);
        ParquetSlice definitions = stored.part(repetitionLength, definitionLength);
        int levels = repetitionLength + definitionLength;
        ParquetSlice values = stored.part(levels, stored.length() - levels);
        if (header.isIs_compressed()) {
            values = decompress(values, size - levels);
        }
        PageCounts counts = new PageCounts(column.descriptor(), header.getNum_values());
        counts.checkLevels(definitions);
        counts.checkValues(values, header.getEncoding());
        take(counts.decodedBytes(), "decoding a page");
        return DataPageV2.uncompressed(
                header.getNum_rows(),
                header.getNum_nulls(),
                header.getNum_values(),
                repetitions.toInput(),
                definitions.toInput(),
                encoding(header.getEncoding()),
                values.toInput(),
                null);
    }

    private void count(int values) throws ParquetFault {
        if (values < 0 || values > rows - rowsRead) {
            throw new ParquetFault("a page says it has " + values + " values; expected at most " + (rows - rowsRead));
        }
        rowsRead += values;
    }

    /** The bytes of the page as they are in the file. */
    private ParquetSlice stored(PageHeader page) throws IOException {
        int length = page.getCompressed_page_size();
        if (length > in.available()) {
            throw new ParquetFault(
                    "a page says it has " + length + " stored bytes; expected at most " + in.available());
        }
        ParquetSlice stored = new ParquetSlice(bytes, (int) in.position(), length);
        in.skipFully(length);
        if (page.isSetCrc()) {
            CRC32 crc = new CRC32();
            crc.update(bytes, stored.offset(), length);
            if ((int) crc.getValue() != page.getCrc()) {
                throw new ParquetFault("the checksum of a page differs");
            }
        }
        return stored;
    }

    private ParquetSlice decompress(ParquetSlice stored, int size) throws ParquetFault {
        if (size < 0) {
            throw new ParquetFault("the levels of a page are longer than it is");
        }
        // All values of a page may be null, and then there is nothing, compressed or not.
        if (size == 0) {
            return stored.part(0, 0);
        }
        if (chunk.codec() != CompressionCodec.UNCOMPRESSED) {
            take(size, "a page");
        }
        return ParquetCodec.decompress(chunk.codec(), stored, size);
    }

    private void take(long more, String what) throws ParquetFault {
        budget.take(more, what);
        pageBytes += more;
    }

    private static org.apache.parquet.column.Encoding encoding(@Nullable Encoding encoding) throws ParquetFault {
        return org.apache.parquet.column.Encoding.valueOf(required(encoding).name());
    }

    private static <T> T required(@Nullable T part) throws ParquetFault {
        if (part == null) {
            throw new ParquetFault("the header of a page lacks a part, or has one of a later version of Parquet");
        }
        return part;
    }
}
