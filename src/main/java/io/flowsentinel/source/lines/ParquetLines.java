package io.flowsentinel.source.lines;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;

/**
 * The rows of a Parquet object as the lines a text object would have: the fields of the schema in its order, a blank
 * between two, absent ones as hyphens. The stored bytes of one row group are in memory, and of each column its
 * dictionary and one decoded page, within the {@link ParquetBudget} of a row group.
 *
 * <p>Parquet-java decodes metadata, pages and values. Finding the pages in the file is done here, since its own file
 * reader needs Hadoop.
 */
final class ParquetLines implements ObjectLines {

    private final ParquetBytes bytes;
    private final ParquetFooter footer;
    private final List<String> names;
    private final ParquetRow row = new ParquetRow();

    private int nextGroup;
    private long rowsLeft;
    private long rowsGiven;
    private boolean atFirstRow;
    private List<ParquetPages> pages = List.of();
    private ParquetField[] fields = {};
    private ColumnReader[] readers = {};

    /** The column that is being read. */
    private int column;

    /** Stored bytes of the row groups that are over. */
    private long consumedBefore;

    private boolean over;

    private ParquetLines(ParquetBytes bytes, ParquetFooter footer) {
        this.bytes = bytes;
        this.footer = footer;
        this.names = footer.columns().stream()
                .map(each -> each.name().replace('_', '-'))
                .toList();
    }

    /**
     * Reads what the footer says. The stream is read from as long as the lines are, and stays the caller's to close.
     *
     * @throws ParquetFault when the object is at fault
     */
    static ParquetLines open(FSDataInputStream in, long size) throws IOException {
        ParquetBytes bytes = new ParquetBytes(in, size);
        return new ParquetLines(bytes, ParquetFooter.read(bytes));
    }

    @Override
    public List<String> columns() {
        return names;
    }

    /** @throws ParquetFault when the object is at fault */
    @Override
    public boolean advance() throws IOException {
        if (rowsLeft == 0) {
            endGroup();
            if (nextGroup == footer.rowGroups().size()) {
                over = true;
                return false;
            }
            beginGroup(footer.rowGroups().get(nextGroup));
        }
        try {
            readRow();
        } catch (RuntimeException corrupt) {
            throw fault(corrupt);
        }
        rowsLeft--;
        rowsGiven++;
        return true;
    }

    @Override
    public byte[] buffer() {
        return row.bytes();
    }

    @Override
    public int from() {
        return 0;
    }

    @Override
    public int to() {
        return row.length();
    }

    @Override
    public boolean overlong() {
        return row.overlong();
    }

    @Override
    public long storedBytes() {
        if (over) {
            return bytes.size();
        }
        long consumed = consumedBefore;
        for (ParquetPages each : pages) {
            consumed += each.consumed();
        }
        // Nothing keeps row groups from sharing bytes.
        return Math.min(consumed, bytes.size());
    }

    /** Lets go of the last row group before the next one is fetched. */
    private void endGroup() {
        consumedBefore = storedBytes();
        pages = List.of();
        fields = new ParquetField[0];
        readers = new ColumnReader[0];
    }

    private void beginGroup(ParquetFooter.RowGroup group) throws IOException {
        List<byte[]> chunks = fetch(group.chunks());
        ParquetBudget budget = new ParquetBudget(ParquetBudget.BYTES);
        int count = chunks.size();
        List<ParquetPages> newPages = new ArrayList<>();
        ParquetField[] newFields = new ParquetField[count];
        ColumnReader[] newReaders = new ColumnReader[count];
        try {
            for (column = 0; column < count; column++) {
                ParquetColumn its = footer.columns().get(column);
                newPages.add(
                        new ParquetPages(its, group.chunks().get(column), chunks.get(column), group.rows(), budget));
                newFields[column] = new ParquetField(its, row);
                newReaders[column] = new ColumnReaderImpl(
                        its.descriptor(), newPages.get(column), newFields[column], footer.writer());
            }
        } catch (RuntimeException corrupt) {
            throw fault(corrupt);
        }
        pages = newPages;
        fields = newFields;
        readers = newReaders;
        rowsLeft = group.rows();
        atFirstRow = true;
        nextGroup++;
    }

    /** The stored bytes of each column, fetched in the order in which they are stored. */
    private List<byte[]> fetch(List<ParquetFooter.Chunk> chunks) throws IOException {
        byte[][] stored = new byte[chunks.size()][];
        List<Integer> order = IntStream.range(0, chunks.size())
                .boxed()
                .sorted(Comparator.comparingLong(each -> chunks.get(each).offset()))
                .toList();
        for (int each : order) {
            stored[each] =
                    bytes.read(chunks.get(each).offset(), chunks.get(each).length());
        }
        return List.of(stored);
    }

    private void readRow() {
        row.begin();
        for (column = 0; column < readers.length; column++) {
            ColumnReader reader = readers[column];
            // A reader stands at its first value from the beginning. Moving it on only here keeps a row from being lost
            // to a fault in the page behind it.
            if (!atFirstRow) {
                reader.consume();
            }
            if (column > 0) {
                row.one(' ');
            }
            if (fields[column].isPresent(reader.getCurrentDefinitionLevel())) {
                reader.writeCurrentValueToConverter();
            } else {
                fields[column].absent();
            }
        }
        atFirstRow = false;
    }

    private ParquetFault fault(RuntimeException corrupt) {
        return new ParquetFault(
                "corrupt Parquet after row " + rowsGiven + ", column '"
                        + footer.columns().get(column).name() + "'",
                corrupt);
    }
}
