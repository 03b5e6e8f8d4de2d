package io.flowsentinel.source.lines;

/**
 * What is wrong with a Parquet object itself, in one line: reading it again would give the same. Any other exception
 * is trouble on the way to it.
 */
final class ParquetFault extends CorruptObjectException {

    private static final long serialVersionUID = 1L;

    ParquetFault(String reason) {
        super(oneLine(reason));
    }

    ParquetFault(String reason, Throwable cause) {
        super(oneLine(reason + ": " + innermost(cause)), cause);
    }

    /** What the exception at the bottom says: those above it tell which call it came through. */
    private static String innermost(Throwable thrown) {
        Throwable innermost = thrown;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
    }

    /** Names of columns are the object's, and may be anything. */
    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").trim();
    }
}
