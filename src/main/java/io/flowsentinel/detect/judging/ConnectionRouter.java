package io.flowsentinel.detect.judging;

/** Tells what a closed connection means to the rules of one family. Asked of every connection: most mean nothing. */
public interface ConnectionRouter {

    /** A connection is over: what it was is known. */
    void route(ClosedConnection connection, Marks marks);

    /** A connection that is still open has reached one of the ages its rules ask for: what it will have been is not known yet. */
    default void routeAged(ClosedConnection connection, Marks marks) {}

    /**
     * Says what it has put off, as far as that has to be there when event time is this far.
     *
     * @param time epoch seconds; {@link Long#MAX_VALUE} where nothing may be left
     */
    default void tellDue(long time, Marks marks) {}
}
