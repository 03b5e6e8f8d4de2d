package io.flowsentinel.source;

/** The grid of five-minute delivery slots; all times in epoch seconds, {@link LogObject#UNKNOWN_SLOT} below all. */
final class Slots {

    /** Seconds between two deliveries. */
    static final long LENGTH = 300;

    private Slots() {}

    /** The slot that holds a second. */
    static long of(long seconds) {
        return Math.floorDiv(seconds, LENGTH) * LENGTH;
    }
}
