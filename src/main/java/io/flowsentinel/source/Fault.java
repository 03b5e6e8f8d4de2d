package io.flowsentinel.source;

import io.flowsentinel.source.lines.CorruptObjectException;

/** The words in which a fault of an object reaches people. */
final class Fault {

    private static final int MOST_CHARS = 300;

    private Fault() {}

    /** What went wrong, in one line. What a storage client says at the bottom comes first: above it are long keys. */
    static String reason(Exception fault) {
        String reason = words(fault);
        String cause = words(rootCause(fault));
        if (!(fault instanceof CorruptObjectException) && !reason.contains(cause)) {
            reason = cause + " (" + reason + ')';
        }
        String oneLine = reason.replaceAll("\\s+", " ").trim();
        return oneLine.length() <= MOST_CHARS ? oneLine : oneLine.substring(0, MOST_CHARS);
    }

    private static String words(Throwable fault) {
        return fault.getMessage() == null ? fault.toString() : fault.getMessage();
    }

    private static Throwable rootCause(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
