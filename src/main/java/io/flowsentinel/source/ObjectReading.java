package io.flowsentinel.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.annotation.Nullable;

/**
 * Reads one object from its beginning to its end, batch by batch. Lines that were given out before a restore are
 * decoded again, and what they give is discarded.
 *
 * <p>An object that cannot be opened or read on is begun again a few times, going on behind the last line given out; the
 * storage client has waited between its own tries already. Then it ends there, with the reason, and the job goes on.
 * Used by one thread.
 */
final class ObjectReading<T> implements AutoCloseable {

    /** Opens the stored bytes of an object. */
    interface Opener {
        InputStream open(LogObject object) throws IOException;
    }

    /** Enough lines to make the hand-over between threads cheap, few enough for a prompt checkpoint. */
    private static final int BATCH_LINES = 1024;

    /** Bounds a batch of long lines. */
    private static final int BATCH_BYTES = 1 << 20;

    private static final int REASON_CHARS = 300;

    private static final int ATTEMPTS = 3;

    /** Apache Parquet format: a file begins, and ends, with these bytes. */
    private static final byte[] PARQUET_MAGIC = {'P', 'A', 'R', '1'};

    private final LogObject object;
    private final ObjectFormat<T> format;
    private final Opener opener;
    private List<T> elements = new ArrayList<>();
    private final Consumer<T> keep = this::keep;
    private final Consumer<T> discard = this::discard;

    @Nullable
    private StoredBytes stored;

    @Nullable
    private TextBytes text;

    @Nullable
    private LineReader reader;

    private ObjectDecoder<T> decoder;

    /** Has seen all lines given out, should no later attempt come as far; null if only the job before a restore has. */
    @Nullable
    private ObjectDecoder<T> furthest;

    private long furthestBytes;
    private long linesToDiscard;
    private int attempt = 1;
    private long lines;
    private long storedBytesTold;

    ObjectReading(ObjectSplit split, ObjectFormat<T> format, Opener opener) {
        this.object = split.object();
        this.linesToDiscard = split.lines();
        this.format = format;
        this.decoder = format.open(object);
        this.opener = opener;
    }

    /**
     * The next lines; the last batch has an ending, and no batch may be asked for after it.
     *
     * @throws IOException when the object ends before a line that was given out already: it is not the same any more;
     *     or when the thread was interrupted, which is no fault of the object
     */
    LineBatch<T> next() throws IOException {
        elements = new ArrayList<>(BATCH_LINES);
        long before = Math.max(lines, linesToDiscard);
        boolean more;
        String fault = null;
        try {
            more = decodeSome();
        } catch (IOException failed) {
            if (Thread.currentThread().isInterrupted()) {
                throw failed;
            }
            if (attempt < ATTEMPTS) {
                return beginAgain(before);
            }
            more = false;
            fault = reason(failed);
        }
        if (!more && lines < linesToDiscard && (fault == null || furthest == null)) {
            throw new IOException(object.uri() + ": ends at line " + lines + ", but " + linesToDiscard
                    + " lines of it were read before" + (fault == null ? "" : "; " + fault));
        }
        return batch(before, more ? null : end(fault));
    }

    private LineBatch<T> batch(long before, @Nullable LineBatch.Ending ending) {
        long after = Math.max(lines, linesToDiscard);
        long consumed = Math.max(0, consumed() - storedBytesTold);
        storedBytesTold += consumed;
        return new LineBatch<>(elements, after, (int) (after - before), consumed, ending);
    }

    /** Gives out what was read before the fault; the next batch reads the object anew. */
    private LineBatch<T> beginAgain(long before) throws IOException {
        LineBatch<T> read = batch(before, null);
        if (lines >= linesToDiscard) {
            furthest = decoder;
            furthestBytes = consumed();
        }
        close();
        attempt++;
        linesToDiscard = read.lines();
        lines = 0;
        text = null;
        stored = null;
        reader = null;
        decoder = format.open(object);
        return read;
    }

    @Override
    public void close() throws IOException {
        if (text != null) {
            text.close();
        }
        if (stored != null) {
            stored.close();
        }
    }

    /** Decodes until the batch is full, or false at the end of the object. */
    private boolean decodeSome() throws IOException {
        // Storage clients answer for a zero-byte object as for a missing one; there is nothing to read in it anyway.
        if (object.size() == 0) {
            return false;
        }
        if (reader == null) {
            open();
        }
        int batchLines = 0;
        int batchBytes = 0;
        while (batchLines < BATCH_LINES && batchBytes < BATCH_BYTES) {
            if (!reader.advance()) {
                checkLength();
                return false;
            }
            if (!reader.terminated()) {
                checkLength();
            }
            decode();
            if (lines > linesToDiscard) {
                batchLines++;
                batchBytes += reader.to() - reader.from();
            }
        }
        return true;
    }

    private void decode() {
        lines++;
        Consumer<T> out = lines > linesToDiscard ? keep : discard;
        if (reader.overlong()) {
            decoder.overlongLine(reader.buffer(), reader.from(), reader.to(), lines, out);
        } else {
            decoder.line(reader.buffer(), reader.from(), reader.to(), lines, out);
        }
    }

    private void keep(T element) {
        elements.add(element);
    }

    private void discard(T element) {
        // It was given out before the restore.
    }

    private void open() throws IOException {
        InputStream in;
        try {
            in = opener.open(object);
        } catch (RuntimeException clientFailed) {
            throw new IOException(clientFailed.toString(), clientFailed);
        }
        stored = new StoredBytes(in);
        if (isParquet()) {
            throw new IOException("is Parquet, which this version does not read; expected text, gzipped or plain");
        }
        text = GzipBytes.isGzip(stored) ? new GzipBytes(stored) : new PlainBytes(stored);
        reader = new LineReader(text, ObjectDecoder.MAX_LINE_BYTES);
    }

    private boolean isParquet() throws IOException {
        return stored.fill(PARQUET_MAGIC.length)
                && Arrays.equals(
                        stored.buffer(),
                        stored.position(),
                        stored.position() + PARQUET_MAGIC.length,
                        PARQUET_MAGIC,
                        0,
                        PARQUET_MAGIC.length);
    }

    /** A connection that closes early can look like the end of plain text. */
    private void checkLength() throws IOException {
        if (stored.consumed() < object.size()) {
            throw new IOException("ends after " + stored.consumed() + " of " + object.size() + " bytes");
        }
    }

    private LineBatch.Ending end(@Nullable String fault) {
        boolean sawAll = lines >= linesToDiscard;
        ObjectDecoder<T> ending = sawAll ? decoder : furthest;
        ending.end(sawAll ? consumed() : furthestBytes, fault, keep);
        return new LineBatch.Ending(fault != null, ending.latestSeconds());
    }

    private long consumed() {
        return stored == null ? 0 : stored.consumed();
    }

    private static String reason(IOException failed) {
        String reason = failed.getMessage() == null ? failed.toString() : failed.getMessage();
        String oneLine = reason.replaceAll("\\s+", " ").trim();
        return oneLine.length() <= REASON_CHARS ? oneLine : oneLine.substring(0, REASON_CHARS);
    }
}
