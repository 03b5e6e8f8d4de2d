package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FoldedRecord;

/** Where the tracker's findings go, and what it asks back. */
interface Outlet {

    void publish(Connection connection);

    /** The record was taken into a connection. */
    void folded(FoldedRecord folded);

    /** There was a record that is the same as one already taken. */
    void duplicate();

    /**
     * Whether an interface is known to have lost records (SKIPDATA) in a range of time.
     *
     * @param from epoch seconds, inclusive
     * @param to epoch seconds, inclusive
     * @param knownBy epoch seconds of event time: what is certain to be here only later does not count, so that the
     *     answer does not depend on what happens to be here already
     */
    boolean lostRecords(String interfaceId, long from, long to, long knownBy);
}
