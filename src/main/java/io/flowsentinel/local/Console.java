package io.flowsentinel.local;

import java.io.PrintStream;

/**
 * Where a run talks to its user: results on standard output, progress and errors on standard error. On a terminal
 * progress is one line that is written over and over below the results. For all threads.
 */
final class Console {

    private static final String ERASE_LINE = "\r\u001b[K";

    /** DECAWM: a line that wraps could not be erased again, so its end is cut on a narrow terminal. */
    private static final String DO_NOT_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private String progress = "";

    Console(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** Whether a person looks at it: colours and a progress line that is written over make sense. */
    boolean terminal() {
        return terminal;
    }

    synchronized void line(String text) {
        erase();
        out.println(text);
        out.flush();
        redraw();
    }

    synchronized void error(String text) {
        erase();
        err.println(text);
        redraw();
    }

    synchronized void progress(String text) {
        if (terminal) {
            erase();
            progress = text;
            redraw();
        } else {
            err.println(text);
        }
    }

    synchronized void endProgress() {
        erase();
        progress = "";
    }

    private void erase() {
        if (!progress.isEmpty()) {
            err.print(ERASE_LINE);
            err.flush();
        }
    }

    private void redraw() {
        if (!progress.isEmpty()) {
            err.print(DO_NOT_WRAP + progress + WRAP);
            err.flush();
        }
    }
}
