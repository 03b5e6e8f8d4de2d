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

    /** How many groups of connections share one keyed state. Part of every savepoint, see {@link #bucket}. */
    public static final int BUCKETS = 2048;

    /** Odd, and close to 2 to the 32nd by the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
    private static final int MULTIPLIER = 0x9E3779B1;

    /** The key of the conversation between two endpoints, given in either order. */
    public static ConnectionKey between(String scope, int protocol, Endpoint one, Endpoint other) {
        return one.compareTo(other) <= 0
                ? new ConnectionKey(scope, protocol, one, other)
                : new ConnectionKey(scope, protocol, other, one);
    }

    /**
     * The group this conversation belongs to, from 0 to {@link #BUCKETS} - 1: that of all conversations of the two addresses
     * about one service, as far as the lower port tells: of a service whose port is among those of clients they are in many.
     * So what interfaces they have is named once for many, and what they mean to a rule adds up before it is sent.
     *
     * <p>Stable on every JVM, for Flink routes by it: with another one what is kept has to get new format numbers. {@link
     * String#hashCode} is specified by the JDK.
     */
    public int bucket() {
        int mixed = mix(31 * scope.hashCode() + protocol);
        mixed = mix(mixed + lower.address().hashCode());
        mixed = mix(mixed + higher.address().hashCode());
        int service = Math.min(lower.port(), higher.port());
        return (mixed + service) * MULTIPLIER >>> Integer.numberOfLeadingZeros(BUCKETS - 1);
    }

    /** Addresses of an estate are close together: a sum of multiples of two of them takes few values. */
    private static int mix(int bits) {
        int mixed = bits * MULTIPLIER;
        return mixed >>> 16 ^ mixed;
    }

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
