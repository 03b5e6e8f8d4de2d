package io.flowsentinel.source;

import java.io.IOException;

/**
 * What is wrong with a Parquet object itself, in one line: reading it again would give the same. Any other exception
 * is trouble on the way to it.
 */
final class ParquetFault extends IOException {

    private static final long serialVersionUID = 1L;

    ParquetFault(String reason) {
        super(reason);
    }

    ParquetFault(String reason, Throwable cause) {
        super(reason + ": " + oneLine(cause), cause);
    }

    /** What the exception says, or the one below it that says more. */
    private static String oneLine(Throwable thrown) {
        Throwable innermost = thrown;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String text = innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
        return text.replaceAll("\\s+", " ").trim();
    }
}
