package io.flowsentinel.size;

/** The delivery slots of the estate, by number. Windows of the connections lie whole in a slot. */
final class Slot {

    /** Epoch seconds. */
    static final long FIRST_START = 1_768_435_200L;

    static final int SECONDS = 300;
    static final int MINUTES = SECONDS / 60;

    /** After the last record of a slot may be folded, which is at most 120 s after it starts, and before the next slot's. */
    private static final int FOLDED_AFTER = 90;

    private Slot() {}

    /** Epoch seconds. */
    static long start(int slot) {
        return FIRST_START + (long) slot * SECONDS;
    }

    /** Epoch seconds of event time. */
    static long foldedAt(int slot) {
        return start(slot + 1) + FOLDED_AFTER;
    }
}
