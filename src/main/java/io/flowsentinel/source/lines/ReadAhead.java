package io.flowsentinel.source.lines;

import io.flowsentinel.source.discovery.LogObject;
import java.io.IOException;
import javax.annotation.Nullable;
import javax.annotation.concurrent.GuardedBy;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.util.IOUtils;

/**
 * One attempt to read an object. {@link #run} opens the object on a thread of its own and, of a text, keeps some blocks
 * ahead of the decoding; a Parquet object it only opens, and its rows are read where they are decoded. One stream is
 * opened, and that of a text is read once from its beginning to its end.
 *
 * <p>Memory, however large the object is: {@value StoredBytes#BUFFER_BYTES} stored bytes, {@value ArrivedText#BLOCKS}
 * blocks of {@value ArrivedText#BLOCK_BYTES} and {@value TextLines#BUFFER_BYTES} for the line being cut; with a line longer
 * than that, up to 2 x {@value ObjectLines#MAX_LINE_BYTES} for it. For a small object blocks and line buffer are only as
 * large as its text is likely to be ({@link ArrivedText#bufferBytes}). A Parquet object takes a row group as it is stored,
 * and {@value ParquetBudget#BYTES} at most for what is decoded of it.
 */
public final class ReadAhead implements Runnable, AutoCloseable {

    private final LogObject object;
    private final ObjectOpener opener;
    private final Runnable arrival;
    private final ArrivedText text;

    /** Used where the lines are decoded, and only there; null until it is wanted. */
    @Nullable
    private ObjectLines textLines;

    @Nullable
    private volatile ObjectLines parquetLines;

    @Nullable
    private volatile Throwable bug;

    @GuardedBy("this")
    @Nullable
    private FSDataInputStream stream;

    @GuardedBy("this")
    private boolean closed;

    /** @param arrival called whenever there is something new to read */
    ReadAhead(LogObject object, ObjectOpener opener, Runnable arrival) {
        this.object = object;
        this.opener = opener;
        this.arrival = arrival;
        this.text = new ArrivedText(object.size());
    }

    /** Whether any lines, their end or a fault have arrived that were not read yet. */
    public boolean isReady() {
        return bug != null || parquetLines != null || text.ready();
    }

    /** What has arrived; once {@link #isReady()}. A fault, also one of opening the object, comes from reading it. */
    public ObjectLines lines() {
        if (bug != null) {
            throw new IllegalStateException(object.uri() + " could not be read ahead", bug);
        }
        if (parquetLines != null) {
            return parquetLines;
        }
        if (textLines == null) {
            textLines = new TextLines(text, object.size());
        }
        return textLines;
    }

    @Override
    public void run() {
        try {
            read(open());
        } catch (IOException failed) {
            text.ended(0, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt(); // The reader is being closed and waits for nothing.
        } catch (Throwable unexpected) {
            bug = unexpected; // What ended this thread unseen would leave the decoding waiting for ever.
        }
        arrival.run();
    }

    /** Is called where the lines are decoded, when they are over. The stream of a text is closed where it is read. */
    @Override
    public void close() {
        if (parquetLines != null) {
            IOUtils.closeQuietly(endStream());
        }
    }

    /** Ends the attempt from another thread, whatever it waits for. */
    void abort() {
        IOUtils.closeQuietly(endStream());
    }

    @Nullable
    private synchronized FSDataInputStream endStream() {
        closed = true;
        return stream;
    }

    private FSDataInputStream open() throws IOException {
        FSDataInputStream opened;
        try {
            opened = opener.open(object);
        } catch (RuntimeException clientFailed) {
            throw new IOException(clientFailed.toString(), clientFailed);
        }
        if (!keep(opened)) {
            IOUtils.closeQuietly(opened);
            throw new IOException("the reader was closed");
        }
        return opened;
    }

    private synchronized boolean keep(FSDataInputStream opened) {
        stream = opened;
        return !closed;
    }

    private void read(FSDataInputStream opened) throws IOException, InterruptedException {
        StoredBytes stored = new StoredBytes(opened, object.size());
        boolean keptOpen = false;
        try {
            ObjectKind kind = ObjectKind.of(stored);
            if (kind == ObjectKind.PARQUET) {
                parquetLines = ParquetLines.open(opened, object.size());
                keptOpen = true;
            } else {
                readText(kind, stored);
            }
        } finally {
            if (!keptOpen) {
                IOUtils.closeQuietly(opened);
            }
        }
    }

    private void readText(ObjectKind kind, StoredBytes stored) throws InterruptedException {
        try (TextBytes from = kind.text(stored)) {
            boolean more = true;
            while (more) {
                more = fillBlock(from, stored);
                arrival.run();
            }
        }
    }

    /** Full blocks make few hand-overs. False behind the end of the text or a fault, the text before which counts. */
    private boolean fillBlock(TextBytes from, StoredBytes stored) throws InterruptedException {
        byte[] block = text.room();
        int length = 0;
        int count = 0;
        IOException fault = null;
        try {
            while (count >= 0 && length < block.length) {
                count = from.read(block, length, block.length - length);
                length += Math.max(0, count);
            }
        } catch (IOException failed) {
            fault = failed;
        }
        text.arrived(block, length, stored.consumed());
        if (count < 0 || fault != null) {
            text.ended(stored.consumed(), fault);
            return false;
        }
        return true;
    }
}
