package io.flowsentinel.detect;

/** Tells what a closed connection means to the rules of one family. Asked of every connection: most mean nothing. */
interface ConnectionRouter {

    void route(ClosedConnection connection, Marks marks);
}
