package io.flowsentinel.model;

/**
 * What both directions of a conversation, seen by whatever interface, have in common.
 *
 * @param scope the VPC, account or transit gateway that keeps overlapping private ranges apart; {@code global}; or
 *     {@code -} where the log names none
 * @param protocol IANA protocol number
 * @param lower the endpoint that sorts first by address bytes, then port
 * @param higher the other endpoint
 */
public record ConnectionKey(String scope, int protocol, Endpoint lower, Endpoint higher) {

    /** How many groups of connections share one keyed state. Part of every savepoint: never changes. */
    public static final int BUCKETS = 2048;

    /** The key of the conversation between two endpoints, given in either order. */
    public static ConnectionKey between(String scope, int protocol, Endpoint one, Endpoint other) {
        return one.compareTo(other) <= 0
                ? new ConnectionKey(scope, protocol, one, other)
                : new ConnectionKey(scope, protocol, other, one);
    }

    /** The group this conversation belongs to, from 0 to {@link #BUCKETS} - 1. */
    public int bucket() {
        int mixed = hashCode() * 0x9E3779B1;
        return (mixed >>> 16 ^ mixed) & BUCKETS - 1;
    }

    /** Stable on every JVM and for ever: Flink routes by it. {@link String#hashCode} is specified by the JDK. */
    @Override
    public int hashCode() {
        return ((31 * scope.hashCode() + protocol) * 31 + lower.hashCode()) * 31 + higher.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionKey that
                && protocol == that.protocol
                && lower.equals(that.lower)
                && higher.equals(that.higher)
                && scope.equals(that.scope);
    }
}
