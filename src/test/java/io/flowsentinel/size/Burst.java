package io.flowsentinel.size;

import java.io.Serializable;

/**
 * What is logged in one slot, and how far event time comes after it.
 *
 * @param slot counted from {@link Slot#FIRST_START}
 * @param items of the traffic, numbered from 0
 * @param eventTimeMillis then; {@link #STANDS_STILL} where it stays
 */
record Burst(Traffic traffic, int slot, int items, long eventTimeMillis) implements Serializable {

    private static final long serialVersionUID = 1L;

    static final long STANDS_STILL = Long.MIN_VALUE;

    /** A burst after which event time stays where it is. */
    static Burst waiting(Traffic traffic, int slot, int items) {
        return new Burst(traffic, slot, items, STANDS_STILL);
    }

    /** This burst, after which records of a slot, and of all before, may be folded, and of none after it. */
    Burst folding(int foldedSlot) {
        return new Burst(traffic, slot, items, Slot.foldedAt(foldedSlot) * 1000);
    }
}
