package io.flowsentinel.parse;

/** Reads the start and end of a line. Reused for every line; one thread. */
final class IntervalReader {

    /** The latest time in seconds; anything above is milliseconds, seen in SKIPDATA rows of 2017. */
    private static final long MAX_SECONDS = Integer.MAX_VALUE;

    private static final long WRONG = -1;
    private static final String TIME = "a time in epoch seconds";

    private long start;
    private long end;

    /** Reads both times; why they cannot be used, or null. The format must have both columns. */
    String read(Tokens tokens, FlowLogFormat format) {
        int startColumn = format.column(FlowLogField.START);
        int endColumn = format.column(FlowLogField.END);
        start = seconds(tokens.number(startColumn));
        if (start == WRONG) {
            return Reason.isNot(FlowLogField.START, tokens.text(startColumn), TIME);
        }
        end = seconds(tokens.number(endColumn));
        if (end == WRONG) {
            return Reason.isNot(FlowLogField.END, tokens.text(endColumn), TIME);
        }
        return start <= end
                ? null
                : Reason.isNot(
                        FlowLogField.END,
                        tokens.text(endColumn),
                        "at or after start '" + tokens.text(startColumn) + "'");
    }

    /** Whether the line lacks one of the times, as some NODATA rows do. */
    static boolean absent(Tokens tokens, FlowLogFormat format) {
        return tokens.absent(format.column(FlowLogField.START)) || tokens.absent(format.column(FlowLogField.END));
    }

    private static long seconds(long number) {
        long seconds = number > MAX_SECONDS ? number / 1000 : number;
        return seconds <= MAX_SECONDS ? seconds : WRONG;
    }

    /** Epoch seconds. */
    long start() {
        return start;
    }

    /** Epoch seconds, never before {@link #start}. */
    long end() {
        return end;
    }
}
