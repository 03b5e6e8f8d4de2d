package io.flowsentinel.source.discovery;

/** The grid of five-minute delivery slots; all times in epoch seconds, {@link LogObject#UNKNOWN_SLOT} below all. */
public final class Slots {

    /** Seconds between two deliveries. */
    public static final long LENGTH = 300;

    private Slots() {}

    /** The slot that holds a second. */
    public static long of(long seconds) {
        return Math.floorDiv(seconds, LENGTH) * LENGTH;
    }
}
