package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.Observer;
import java.util.List;
import java.util.Map;

/**
 * Tells that a subject is there at all. A rule about things a subject hardly ever does cannot learn from these things
 * since when it knows the subject; what else the subject does tells it, and one in sixteen of that is enough. Which one
 * follows from the thing itself, so that a replay learns the same. It counts nothing and gives no cause to judge.
 */
final class Attendance {

    /** For {@link Seen}: so that a subject that is there is not forgotten. */
    static final String THING = "present";

    static final Cell CELL = new Cell(null, 0, 0, THING, Map.of());

    private static final long ONE_IN = 16;

    private final Told told = new Told();

    /** Whether this is the one of sixteen. */
    static boolean tells(Endpoint one, Endpoint other, long start) {
        return Math.floorMod(start + one.port() + other.port(), ONE_IN) == 0;
    }

    /** Tells once a pane that an interface is there, by a sample that is the same whichever connection was heard of first. */
    void tell(Subject subject, Observer by, ClosedConnection connection, Marks marks) {
        Panes panes = marks.panes();
        long pane = panes.entering(connection.start(), connection.decidedAt());
        if (told.isNew(by.scope(), by.interfaceId(), Math.floorDiv(pane, panes.length()))) {
            Sample sample = Sample.ofInterface(by.scope(), by.interfaceId(), pane, List.of());
            marks.add(subject, CELL, false, pane, connection.decidedAt(), tally(sample));
        }
    }

    static Tally tally(Sample sample) {
        return new Tally(List.of(sample), 0, 0, 0, sample.start(), false, 0, new long[0]);
    }

    static boolean is(Cell cell) {
        return THING.equals(cell.side());
    }
}
