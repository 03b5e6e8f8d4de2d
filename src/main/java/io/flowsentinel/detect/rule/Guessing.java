package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Window;
import java.util.List;

/**
 * When somebody was guessing the logins of a service: what {@link BruteForce} remembers of the windows in which its
 * condition held, to tell of sessions that begin when the matches have left the window. Forgotten a day after it last held.
 *
 * @param from epoch seconds of the start of the connection with which as many had matched as it takes
 * @param to epoch seconds of the last match
 * @param pane the last one in which it held
 */
record Guessing(long from, long to, long pane) {

    private static final String NAME = "held ";
    private static final String ALLOWED = " allowed";

    /** A finding is open for at least so long after it last held. */
    private static final long HOUR = 3_600;

    /** Where the memory keeps it: by port, and apart where it took what an allow-list covers. */
    static String name(List<PaneTally> tallies) {
        boolean allowed =
                tallies.stream().anyMatch(entry -> entry.cell().allowedBy().containsKey(BruteForce.ID));
        return name(tallies.get(0).cell().port(), allowed);
    }

    private static String name(int port, boolean allowed) {
        return NAME + port + (allowed ? ALLOWED : "");
    }

    /** Null where it did not hold, or not for so long that what it gave rise to is closed. */
    static Guessing read(Memory memory, String name, Window window) {
        long[] numbers = memory.get(name);
        if (numbers == null) {
            return null;
        }
        long silence = Math.max(window.end() - window.start(), HOUR);
        boolean open = numbers[2] + window.paneLength() + silence >= window.end();
        return open ? new Guessing(numbers[0], numbers[1], numbers[2]) : null;
    }

    void write(Memory memory, String name) {
        memory.put(name, new long[] {from, to, pane});
    }

    /** The same, with what held before; null for nothing. */
    Guessing since(Guessing before) {
        return before == null ? this : new Guessing(Math.min(from, before.from), Math.max(to, before.to), pane);
    }

    /** Whether it is what a session may have come of that begins at this time. */
    boolean comesBefore(long start, Window window) {
        return start >= from && start <= to + window.end() - window.start();
    }

    /** When to be asked again; {@link Long#MAX_VALUE} where nothing is left. */
    static long forget(Memory memory, long time) {
        long next = Long.MAX_VALUE;
        for (int port : FailedLogin.PORTS) {
            for (String name : List.of(name(port, false), name(port, true))) {
                long[] numbers = memory.get(name);
                if (numbers != null && numbers[2] + Detector.DAY <= time) {
                    memory.remove(name);
                } else if (numbers != null) {
                    next = Math.min(next, numbers[2] + Detector.DAY);
                }
            }
        }
        return next;
    }
}
