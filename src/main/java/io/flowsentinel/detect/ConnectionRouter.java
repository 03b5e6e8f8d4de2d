package io.flowsentinel.detect;

/** Tells what a closed connection means to the rules of one family. Asked of every connection: most mean nothing. */
interface ConnectionRouter {

    void route(ClosedConnection connection, Marks marks);

    /** A connection that is still open has reached one of {@link Rules#ages}: what it will have been is not known yet. */
    default void routeAged(ClosedConnection connection, Marks marks) {}
}
