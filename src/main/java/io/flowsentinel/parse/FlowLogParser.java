package io.flowsentinel.parse;

import io.flowsentinel.model.Accounts;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.ParsedLine;
import io.flowsentinel.model.QuarantinedLine;
import io.flowsentinel.model.RecordRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the lines of one object, in order: every line ends as a header, a record, a NODATA or SKIPDATA line, or in
 * quarantine with its reason, and {@link #account} accounts for all of them. Never throws for what a line holds.
 *
 * <p>One parser per object; one thread.
 */
public final class FlowLogParser {

    /** A line of this many bytes or more arrives cut and is quarantined. */
    public static final int MAX_LINE_BYTES = 1 << 20;

    /** The object's name does not tell its delivery slot: nothing in it is late. */
    public static final long NO_SLOT = Long.MIN_VALUE;

    private final ParserSettings settings;
    private final String object;
    private final long slotSeconds;
    private final ParserCaches caches;
    private final RecordReader records;
    private final IntervalReader interval = new IntervalReader();
    private final Tokens tokens = new Tokens();
    private final ObjectAccounts accounts = new ObjectAccounts();

    /** Null while no header was met, no schema is known and no format is configured. */
    private FlowLogFormat format;

    private boolean hasSchema;
    private long latestSeconds = Long.MIN_VALUE;

    /**
     * @param object the object's full URI
     * @param slotSeconds epoch seconds of the object's delivery slot, or {@link #NO_SLOT}
     * @param caches those of the calling thread
     */
    public FlowLogParser(ParserSettings settings, String object, long slotSeconds, ParserCaches caches) {
        this.settings = settings;
        this.object = object;
        this.slotSeconds = slotSeconds;
        this.caches = caches;
        this.records = new RecordReader(caches);
        this.format = settings.formatWithoutHeader().isEmpty()
                ? null
                : FlowLogFormat.configured(settings.formatWithoutHeader());
    }

    /** The object's own schema names its columns, before any line; no line of it is a header. */
    public void columns(List<String> names) {
        format = FlowLogFormat.ofSchema(names);
        hasSchema = true;
    }

    /**
     * Reads a line.
     *
     * @param buffer holds the line from {@code from} to before {@code to}, without its terminator
     * @param lineNumber from 1
     * @param out takes what the line turned out to be; nothing for a header or a record outside the run's range
     */
    public void line(byte[] buffer, int from, int to, long lineNumber, Consumer<ParsedLine> out) {
        String reason = read(buffer, from, to, lineNumber, out);
        if (reason == null || readHeader(lineNumber, to - from)) {
            return;
        }
        accounts.quarantined();
        caches.quarantined(object, lineNumber, reason);
        out.accept(ParsedLine.of(quarantined(lineNumber, text(buffer, from, to), reason)));
    }

    /**
     * Accounts for the lines since the last call.
     *
     * @param bytesRead bytes of the object, as it is stored, that were read for them
     */
    public void account(long bytesRead, Consumer<ParsedLine> out) {
        Accounts taken = accounts.take(bytesRead);
        if (!taken.amounts().isEmpty()) {
            out.accept(ParsedLine.of(taken));
        }
    }

    /**
     * Ends the object and accounts for it; its lines are accounted for by {@link #account}.
     *
     * @param fault why the object could not be read to its end; null where it could
     * @param retries how many attempts to read it after the first one there were
     */
    public void end(String fault, int retries, Consumer<ParsedLine> out) {
        if (fault != null) {
            out.accept(ParsedLine.of(quarantined(0, "", fault)));
        }
        out.accept(ParsedLine.of(ObjectAccounts.ofObject(fault != null, retries > 0)));
    }

    /** Epoch seconds of the latest end of a record or coverage line of the run; {@link Long#MIN_VALUE} for none. */
    public long latestSeconds() {
        return latestSeconds;
    }

    /** Reads a line as a record or a coverage line; why it is neither, or null. */
    private String read(byte[] buffer, int from, int end, long lineNumber, Consumer<ParsedLine> out) {
        tokens.scan(buffer, from, end);
        if (from == end) {
            return Reason.EMPTY_LINE;
        }
        if (end - from >= MAX_LINE_BYTES) {
            return Reason.tooLong(MAX_LINE_BYTES);
        }
        FlowLogFormat columns = format != null ? format : FlowLogFormat.DEFAULT;
        if (columns.fault() != null) {
            return columns.fault();
        }
        if (tokens.count() != columns.width()) {
            return format == null ? Reason.NO_HEADER : Reason.fieldCount(tokens.count(), columns.width());
        }
        LogStatus status = LogStatus.of(tokens, columns);
        if (status == null) {
            String text = tokens.text(columns.column(FlowLogField.LOG_STATUS));
            return Reason.isNot(FlowLogField.LOG_STATUS, text, LogStatus.EXPECTED);
        }
        return status == LogStatus.OK
                ? readRecord(buffer, from, end, columns, lineNumber, out)
                : readCoverage(columns, status.coverage(), lineNumber, out);
    }

    private String readRecord(
            byte[] buffer, int from, int end, FlowLogFormat columns, long lineNumber, Consumer<ParsedLine> out) {
        FlowRecord flow = records.read(tokens, columns, object, lineNumber);
        if (flow == null) {
            return records.fault();
        }
        if (!settings.inRange(flow.end())) {
            return null;
        }
        caches.check(flow, columns, settings.aggregationSeconds());
        latestSeconds = Math.max(latestSeconds, flow.end());
        long lateBy = lateBySeconds(flow.end());
        if (lateBy > 0) {
            accounts.late();
            out.accept(ParsedLine.of(new LateRecord(flow.ref(), text(buffer, from, end), lateBy * 1000)));
        } else {
            accounts.ok();
            out.accept(ParsedLine.of(flow));
        }
        return null;
    }

    /** How far behind the allowed delay an end is; above 0 for what is late. */
    private long lateBySeconds(long endSeconds) {
        return slotSeconds == NO_SLOT ? 0 : slotSeconds - settings.maxDelaySeconds() - endSeconds;
    }

    /**
     * Without times there is no span to speak of, and what comes too late finds its connections gone at one parallelism
     * and not at another: such lines are only counted.
     */
    private String readCoverage(
            FlowLogFormat columns, CoverageRecord.Status status, long lineNumber, Consumer<ParsedLine> out) {
        if (IntervalReader.absent(tokens, columns)) {
            accounts.coverage(status);
            return null;
        }
        String fault = interval.read(tokens, columns);
        if (fault == null && settings.inRange(interval.end())) {
            accounts.coverage(status);
            latestSeconds = Math.max(latestSeconds, interval.end());
            if (lateBySeconds(interval.end()) > 0) {
                return null;
            }
            out.accept(ParsedLine.of(new CoverageRecord(
                    caches.observer(tokens, columns),
                    status,
                    interval.start(),
                    interval.end(),
                    new RecordRef(object, lineNumber))));
        }
        return fault;
    }

    /** Whether the line, already found to be nothing else, is a header; from here on it says what the columns are. */
    private boolean readHeader(long lineNumber, int length) {
        FlowLogFormat named = !hasSchema && length < MAX_LINE_BYTES ? HeaderLine.read(tokens, lineNumber == 1) : null;
        if (named != null) {
            format = named;
            accounts.header();
        }
        return named != null;
    }

    private QuarantinedLine quarantined(long lineNumber, String line, String reason) {
        long slotMillis = slotSeconds == NO_SLOT ? 0 : slotSeconds * 1000;
        return new QuarantinedLine(object, lineNumber, line, reason, slotMillis);
    }

    /** The raw bytes, one char each, as many as a feed shows. */
    private static String text(byte[] buffer, int from, int to) {
        int kept = Math.min(to - from, QuarantinedLine.MAX_BYTES);
        return new String(buffer, from, kept, StandardCharsets.ISO_8859_1);
    }
}
