package io.flowsentinel.source.lines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.testing.LogTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.ParquetDecodingException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Pages of few stored bytes that would take much memory. */
final class ParquetBudgetTest {

    private static final int ROWS = Integer.MAX_VALUE;

    private final ParquetBudget budget = new ParquetBudget(ParquetBudget.BYTES);

    @Test
    void aDictionaryOfMillionsOfEmptyTextsIsRefused() throws IOException {
        int values = 4_500_000;
        byte[] chunk = dictionary(values, Integer.BYTES * values);
        assertThat(chunk).hasSizeLessThan(32 * 1024);

        ParquetPages pages = pages(Type.BYTE_ARRAY, budget, chunk);

        assertFault(
                pages::readDictionaryPage,
                "a dictionary of 4500000 values takes 306000000 bytes of memory; expected at most 250435456 of the"
                        + " 268435456 for a row group");
    }

    @Test
    void theDictionariesOfARowGroupHaveOneBudget() throws IOException {
        byte[] chunk = dictionary(1_500_000, 6_000_000);
        for (int column = 0; column < 2; column++) {
            assertThat(pages(Type.BYTE_ARRAY, budget, chunk).readDictionaryPage())
                    .isNotNull();
        }

        ParquetPages third = pages(Type.BYTE_ARRAY, budget, chunk);

        assertFault(
                third::readDictionaryPage,
                "a dictionary of 1500000 values takes 102000000 bytes of memory; expected at most 46435456 of the"
                        + " 268435456 for a row group");
    }

    @Test
    void aPageThatIsTooLargeIsRefused() throws IOException {
        PageHeader header = new PageHeader(PageType.DATA_PAGE, (1 << 26) + 1, 0);

        ParquetPages pages = pages(Type.BYTE_ARRAY, budget, page(header, new byte[0]));

        assertFault(pages::readPage, "a page says it has 67108865 bytes; expected at most 67108864");
    }

    @Test
    void thePagesOfARowGroupHaveOneBudgetInWhichAPageMakesRoomForTheNext() throws IOException {
        ParquetBudget small = new ParquetBudget(1000);
        byte[] page = dataPage(Encoding.PLAIN, 10, new byte[400]);
        ParquetPages one = pages(Type.BYTE_ARRAY, small, page, page, page);
        ParquetPages other = pages(Type.BYTE_ARRAY, small, page, page);

        for (int i = 0; i < 3; i++) {
            assertThat(one.readPage()).isInstanceOf(DataPage.class);
        }
        assertThat(other.readPage()).isInstanceOf(DataPage.class);

        assertFault(
                other::readPage, "a page takes 400 bytes of memory; expected at most 200 of the 1000 for a row group");
    }

    @Test
    void aRunOfValuesThatTakeNoBitsIsRefused() throws IOException {
        int groups = 1 << 27;
        byte[] values = concat(new byte[] {0}, varint(groups << 1 | 1));

        ParquetPages pages =
                pages(Type.BYTE_ARRAY, budget, dataPage(Encoding.RLE_DICTIONARY, groups * Byte.SIZE - 1, values));

        assertFault(
                pages::readPage,
                "decoding a page takes 4294967296 bytes of memory; expected at most 268435450 of the 268435456 for a"
                        + " row group");
    }

    @Test
    void theSecondCountOfADeltaEncodingIsCheckedToo() throws IOException {
        // In blocks of 128 in 4 parts: two values, the first of which is 0, all deltas 0.
        byte[] prefixes = concat(varint(128), varint(4), varint(2), new byte[] {0, 0, 0, 0, 0, 0});
        byte[] suffixes = concat(varint(128), varint(4), varint(Integer.MAX_VALUE), new byte[] {0});

        ParquetPages bad =
                pages(Type.BYTE_ARRAY, budget, dataPage(Encoding.DELTA_BYTE_ARRAY, 2, concat(prefixes, suffixes)));
        ParquetPages good =
                pages(Type.BYTE_ARRAY, budget, dataPage(Encoding.DELTA_BYTE_ARRAY, 2, concat(prefixes, prefixes)));

        assertFault(bad::readPage, "a page says it has 2147483647 values in blocks of 128; expected at most 2");
        assertThatCode(good::readPage).doesNotThrowAnyException();
    }

    private static void assertFault(ThrowingCallable read, String message) {
        assertThatThrownBy(read)
                .isInstanceOf(ParquetDecodingException.class)
                .cause()
                .isInstanceOf(ParquetFault.class)
                .hasMessage(message);
    }

    private static ParquetPages pages(Type type, ParquetBudget budget, byte[]... pages) throws ParquetFault {
        SchemaElement element = new SchemaElement("srcaddr");
        element.setType(type).setRepetition_type(FieldRepetitionType.REQUIRED);
        byte[] chunk = concat(pages);
        return new ParquetPages(
                ParquetColumn.of(element),
                new ParquetFooter.Chunk(4, chunk.length, CompressionCodec.GZIP),
                chunk,
                ROWS,
                budget);
    }

    /** So many bytes of zeros. */
    private static byte[] dictionary(int values, int size) throws IOException {
        byte[] stored = LogTree.gzip(new byte[size]);
        PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, size, stored.length);
        header.setDictionary_page_header(new DictionaryPageHeader(values, Encoding.PLAIN));
        return page(header, stored);
    }

    private static byte[] dataPage(Encoding encoding, int values, byte[] decoded) throws IOException {
        byte[] stored = LogTree.gzip(decoded);
        PageHeader header = new PageHeader(PageType.DATA_PAGE, decoded.length, stored.length);
        header.setData_page_header(new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE));
        return page(header, stored);
    }

    private static byte[] page(PageHeader header, byte[] stored) throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        Util.writePageHeader(header, page);
        page.write(stored);
        return page.toByteArray();
    }

    private static byte[] varint(int value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int rest = value;
        for (; (rest & ~0x7f) != 0; rest >>>= 7) {
            bytes.write(rest & 0x7f | 0x80);
        }
        bytes.write(rest);
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }
}
