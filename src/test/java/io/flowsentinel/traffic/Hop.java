package io.flowsentinel.traffic;

/**
 * A place on a route where packets are logged.
 *
 * @param forward how the originator's packets look there; null where they go another way
 * @param reply how the responder's packets look there; null where they go another way
 */
record Hop(LogInterface at, View forward, View reply) {

    Hop reversed() {
        return new Hop(at, reply, forward);
    }
}
