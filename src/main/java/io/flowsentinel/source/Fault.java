package io.flowsentinel.source;

/** The words in which a fault of an object reaches people. */
final class Fault {

    private static final int MOST_CHARS = 300;

    private Fault() {}

    /** What went wrong, in one line, with the kind of its first cause where that says more. */
    static String reason(Exception fault) {
        String reason = fault.getMessage() == null ? fault.toString() : fault.getMessage();
        String cause = rootCause(fault).getClass().getSimpleName();
        if (!(fault instanceof CorruptObjectException) && !reason.contains(cause) && fault.getCause() != null) {
            reason += " (" + cause + ')';
        }
        String oneLine = reason.replaceAll("\\s+", " ").trim();
        return oneLine.length() <= MOST_CHARS ? oneLine : oneLine.substring(0, MOST_CHARS);
    }

    private static Throwable rootCause(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
