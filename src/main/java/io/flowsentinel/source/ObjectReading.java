package io.flowsentinel.source;

import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.lines.CorruptObjectException;
import io.flowsentinel.source.lines.ObjectLines;
import io.flowsentinel.source.lines.ReadAhead;
import io.flowsentinel.source.lines.ReadAheadPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.annotation.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one object to its end, batch by batch, as its lines arrive. Used by one thread; only what reads ahead is on another.
 *
 * <p>An object that cannot be opened or read on is begun again, as often and as late as {@link Attempts} says: lines that
 * were given out, in a former attempt or before a restore, are decoded again and what they give is discarded. After the
 * last attempt the object ends with its reason, or the job fails, as the settings have it. An object that has become
 * shorter than what was given out of it is such a fault too.
 */
final class ObjectReading<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectReading.class);

    /** Enough lines to make the hand-over between threads cheap, few enough for a prompt checkpoint. */
    private static final int BATCH_LINES = 1024;

    /** What a full batch gives, with its account and that of the object's end. */
    private static final int BATCH_ELEMENTS = BATCH_LINES + 4;

    /** Bounds a batch of long lines. */
    private static final int BATCH_BYTES = 1 << 20;

    private final LogObject object;
    private final ObjectFormat<T> format;
    private final ReadAheadPool pool;
    private final SourceSettings.Reading settings;
    private final LongSupplier nanoTime;
    private final Attempts attempts;
    private final LongSupplier linesOfAll;
    private final long linesAtStart;
    private long othersLinesBefore;
    private final Consumer<T> keep = this::keep;
    private final Consumer<T> discard = this::discard;
    private List<T> elements = new ArrayList<>(BATCH_ELEMENTS);

    /** How far the object has been given out. */
    private ObjectSplit split;

    private ObjectDecoder<T> decoder;

    /** Null between two attempts. */
    @Nullable
    private ReadAhead readAhead;

    /** Null until something has arrived. */
    @Nullable
    private ObjectLines lines;

    /** How many lines were decoded in this attempt; while fewer than were given out, they are discarded. */
    private long position;

    /** Whether all lines that had arrived are decoded. */
    private boolean starved;

    private long nextAttemptAt;

    /**
     * Begins with nothing.
     *
     * @param linesOfAll how many lines of all objects this reader has given out
     * @param nanoTime the clock of the waits between attempts
     */
    ObjectReading(
            ObjectSplit split,
            ObjectFormat<T> format,
            ReadAheadPool pool,
            SourceSettings.Reading settings,
            LongSupplier linesOfAll,
            LongSupplier nanoTime) {
        this.split = split;
        this.linesAtStart = split.lines();
        this.linesOfAll = linesOfAll;
        this.object = split.object();
        this.format = format;
        this.pool = pool;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.attempts = new Attempts(settings);
        this.decoder = format.open(object);
        this.nextAttemptAt = nanoTime.getAsLong();
    }

    /** Begins the next attempt once its time has come; nanoseconds until then, {@link Long#MAX_VALUE} during one. */
    long begin() {
        if (readAhead != null || isEmpty()) {
            return Long.MAX_VALUE;
        }
        long wait = nextAttemptAt - nanoTime.getAsLong();
        if (wait > 0) {
            return wait;
        }
        readAhead = pool.begin(object);
        starved = true;
        return Long.MAX_VALUE;
    }

    /** Whether {@link #next} has something to do and need not wait. */
    boolean isReady() {
        return isEmpty() || (readAhead != null && (!starved || readAhead.isReady()));
    }

    /**
     * The next lines, as many as have arrived; null if that is not one, or all were discarded. The last batch is that with
     * {@link LineBatch.Outcome#READ} or {@link LineBatch.Outcome#FAILED}.
     *
     * @throws IOException when the object stays unreadable and shall fail the job; or when the thread was interrupted,
     *     which is no fault of the object
     */
    @Nullable
    LineBatch<T> next() throws IOException {
        boolean more;
        try {
            more = isEmpty() ? false : decodeSome();
        } catch (IOException fault) {
            if (Thread.currentThread().isInterrupted()) {
                throw fault;
            }
            return pool.isStopped() ? null : failed(fault);
        }
        if (!more) {
            return end(null);
        }
        return position > split.lines() ? batch(LineBatch.Outcome.MORE_LINES) : null;
    }

    /** Gives the object up where it is. What still reads ahead is the pool's to stop. */
    @Override
    public void close() {
        if (readAhead != null) {
            readAhead.close();
        }
    }

    /** Storage clients answer for a zero-byte object as for a missing one; there is nothing to read in it anyway. */
    private boolean isEmpty() {
        return object.size() == 0;
    }

    /** Decodes until the batch is full or no line is at hand, or false at the end of the object. */
    private boolean decodeSome() throws IOException {
        ObjectLines arrived = readAhead.lines();
        if (lines == null) {
            lines = arrived;
            if (!lines.columns().isEmpty()) {
                decoder.columns(lines.columns());
            }
        }
        starved = false;
        int batchBytes = 0;
        for (int batchLines = 0; batchLines < BATCH_LINES && batchBytes < BATCH_BYTES; batchLines++) {
            if (!lines.ready()) {
                starved = true;
                return true;
            }
            if (!lines.advance()) {
                checkNotShorter();
                return false;
            }
            batchBytes += lines.to() - lines.from();
            decode();
        }
        return true;
    }

    private void decode() {
        position++;
        Consumer<T> out = position > split.lines() ? keep : discard;
        if (lines.overlong()) {
            decoder.overlongLine(lines.buffer(), lines.from(), lines.to(), position, out);
        } else {
            decoder.line(lines.buffer(), lines.from(), lines.to(), position, out);
        }
        if (position == split.lines()) {
            decoder.account(0, discard);
        }
    }

    private void checkNotShorter() throws IOException {
        if (position < split.lines()) {
            throw new CorruptObjectException(
                    "ends at line " + position + ", but " + split.lines() + " lines of it were read before");
        }
    }

    private LineBatch<T> failed(IOException fault) throws IOException {
        String reason = Fault.reason(fault);
        if (attempts.failed() == 0) {
            LOG.warn("{}: {}. Further attempts are counted, not logged", object.uri(), reason);
        }
        if (attempts.failed() == 0) {
            othersLinesBefore = othersLines();
        }
        long wait = attempts.failed(fault, othersLines() > othersLinesBefore);
        if (wait != Attempts.NO_MORE) {
            LineBatch<T> read = batch(LineBatch.Outcome.RETRIED);
            endAttempt();
            decoder = format.open(object);
            nextAttemptAt = nanoTime.getAsLong() + wait;
            return read;
        }
        if (settings.failJob()) {
            throw new ObjectsUnavailable(
                    object.uri() + " cannot be read, after " + attempts.failed() + " attempts: " + reason, fault);
        }
        return end(reason);
    }

    private LineBatch<T> end(@Nullable String fault) {
        int retries = fault == null ? attempts.failed() : attempts.failed() - 1;
        LineBatch<T> last = batch(fault == null ? LineBatch.Outcome.READ : LineBatch.Outcome.FAILED);
        decoder.end(fault, retries, last.elements()::add);
        endAttempt();
        return last;
    }

    /** Gives out the lines decoded since the last batch, with their account. */
    private LineBatch<T> batch(LineBatch.Outcome outcome) {
        if (position < split.lines()) {
            decoder.account(0, discard);
        }
        long newLines = Math.max(0, position - split.lines());
        long newBytes = lines == null ? 0 : Math.max(0, lines.storedBytes() - split.storedBytes());
        decoder.account(newBytes, keep);
        split = split.readOn(newLines, newBytes, decoder.latestSeconds());
        boolean over = outcome == LineBatch.Outcome.READ || outcome == LineBatch.Outcome.FAILED;
        List<T> given = elements;
        elements = new ArrayList<>(BATCH_ELEMENTS);
        return new LineBatch<>(given, over ? split.ended() : split, newLines, newBytes, outcome);
    }

    private long othersLines() {
        return linesOfAll.getAsLong() - (split.lines() - linesAtStart);
    }

    private void endAttempt() {
        if (readAhead != null) {
            pool.end(readAhead);
        }
        readAhead = null;
        lines = null;
        position = 0;
    }

    private void keep(T element) {
        elements.add(element);
    }

    private void discard(T element) {
        // It was given out before.
    }
}
