package io.flowsentinel.parse;

import io.flowsentinel.model.CoverageRecord;
import java.nio.charset.StandardCharsets;

/** The {@code log-status} field: a record, or what an interface did not log. */
enum LogStatus {
    OK(null),
    NODATA(CoverageRecord.Status.NODATA),
    SKIPDATA(CoverageRecord.Status.SKIPDATA);

    /** What a status may be, for reasons. */
    static final String EXPECTED = "OK, NODATA or SKIPDATA";

    @SuppressWarnings("ImmutableEnumChecker") // an array for speed; nobody writes to it
    private final byte[] text = name().getBytes(StandardCharsets.US_ASCII);

    private final CoverageRecord.Status coverage;

    LogStatus(CoverageRecord.Status coverage) {
        this.coverage = coverage;
    }

    /** The status of a line, OK where it has none; null for any other word. */
    static LogStatus of(Tokens tokens, FlowLogFormat format) {
        int column = format.column(FlowLogField.LOG_STATUS);
        if (column == FlowLogFormat.NO_COLUMN || tokens.is(column, OK.text) || tokens.absent(column)) {
            return OK;
        }
        if (tokens.is(column, NODATA.text)) {
            return NODATA;
        }
        return tokens.is(column, SKIPDATA.text) ? SKIPDATA : null;
    }

    /** What the line says of the log's coverage; null for a record. */
    CoverageRecord.Status coverage() {
        return coverage;
    }
}
