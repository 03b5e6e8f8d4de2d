package io.flowsentinel.detect.judging;

import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.IpAddress;
import java.util.function.Function;

/** Where routers say what counts for whom. What they say is gathered before it is sent, and added up by pane. */
public interface Marks {

    /**
     * Of a fact, in every family: connections of this subject are opened in the name of others, whose own connections are
     * logged too. What the subject does is held against them, and its own findings are held back as {@code translated}.
     */
    int TRANSLATED = 1 << 6;

    /**
     * A connection counts.
     *
     * @param cell what is counted once
     */
    default void count(Subject subject, Cell cell, ClosedConnection connection) {
        add(subject, cell, connection, Tally.of(connection.sample(), connection.coverageGap()));
    }

    /** A connection counts, in a way of the caller's; the tally is the caller's to give away. */
    default void add(Subject subject, Cell cell, ClosedConnection connection, Tally tally) {
        add(subject, cell, false, connection.start(), connection.decidedAt(), tally);
    }

    /** Something else is known by a connection; the bits mean what the family's rules take them for. */
    default void fact(Subject subject, Cell cell, int facts, ClosedConnection connection) {
        add(subject, cell, true, connection.start(), connection.decidedAt(), Tally.fact(facts));
    }

    /** Notes by an internal originator's connection that the gateways it went through open connections for others. */
    default void translated(Family family, Cell cell, ClosedConnection connection) {
        translated(cell, connection, gateway -> Subject.of(family.space(), connection.originatorScope(), gateway));
    }

    /**
     * The same for a family that judges more than an address.
     *
     * @param subject what is judged where an address stands in the originator's place
     */
    default void translated(Cell cell, ClosedConnection connection, Function<IpAddress, Subject> subject) {
        if (connection.originatorInternal()) {
            for (IpAddress gateway : connection.translators()) {
                fact(subject.apply(gateway), cell, TRANSLATED, connection);
            }
        }
    }

    /** A line about an interface counts; the tally is the caller's to give away. */
    default void add(Subject subject, Cell cell, CoverageRecord coverage, Tally tally) {
        add(subject, cell, false, coverage.start(), coverage.end(), tally);
    }

    /**
     * Adds to what is known.
     *
     * @param fact whether this is what else is known of the cell, not what counts
     * @param start epoch seconds: tells the pane
     * @param decidedAt epoch seconds of event time at which it was certain: in an earlier pane it can not count any more
     * @param tally the caller's to give away
     */
    void add(Subject subject, Cell cell, boolean fact, long start, long decidedAt, Tally tally);

    /** The panes of the family, for what is spread over several of them: each part is added with its pane's start. */
    Panes panes();
}
