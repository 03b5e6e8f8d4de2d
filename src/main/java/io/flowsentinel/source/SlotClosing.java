package io.flowsentinel.source;

import io.flowsentinel.source.discovery.Discovered;
import io.flowsentinel.source.discovery.Slots;
import java.time.Instant;

/**
 * Says when a slot is closed and what event time that gives. Bounded: when its objects are read. Continuous: when
 * moreover the look that found them began after the slot's end and the delay allowed for publishing; so empty slots
 * move time too, up to the last slot of the range where that has an end: there a job waits to be stopped, and another one
 * goes on from its savepoint.
 */
final class SlotClosing {

    private final SlotTracker tracker;
    private final boolean continuous;
    private final long maxDelaySeconds;
    private final long lookBackSeconds;
    private final long lastSlot;

    /**
     * The last slot of the range of which objects were found before a restore; {@link Long#MIN_VALUE} without one. Where
     * that is the last slot of all, only a whole look comes as far.
     */
    private final long foundBefore;

    /** All objects of slots up to this one have been found by looks since the start, or the restore. */
    private long foundUpTo = Long.MIN_VALUE;

    SlotClosing(SourceSettings settings, SlotTracker tracker) {
        this.tracker = tracker;
        this.continuous = settings.continuous();
        this.maxDelaySeconds = settings.maxDelay().toSeconds();
        this.lookBackSeconds = settings.discovery().lookBack().toSeconds();
        this.lastSlot = settings.lastSlot();
        this.foundBefore = tracker.latestSlot();
    }

    /** Takes in how far a look has come; an earlier one may have come further. */
    void looked(Instant asOf, long completeTo) {
        long published = continuous ? Slots.of(asOf.getEpochSecond() - Slots.LENGTH - maxDelaySeconds) : Long.MAX_VALUE;
        long found = completeTo == Discovered.EVERYTHING ? Long.MAX_VALUE : Slots.of(completeTo) - Slots.LENGTH;
        foundUpTo = Math.max(foundUpTo, Math.min(published, found));
    }

    void closeSlots() {
        if (continuous) {
            tracker.close(Math.min(foundUpTo, lastSlot));
        } else {
            tracker.closeWhatIsRead(foundUpTo);
        }
    }

    /** The event time that goes with the closed slot; {@link Long#MIN_VALUE} while there is none. */
    long eventTimeMillis() {
        long closed = tracker.closedSlot();
        return closed == Long.MIN_VALUE ? Long.MIN_VALUE : (closed - maxDelaySeconds) * 1000;
    }

    /**
     * The event time after the last slot of a bounded reading: its end, so that what timed out before it is told apart
     * from what the end of input cut off. {@link Long#MIN_VALUE} where there was no slot.
     */
    long endMillis() {
        long latest = tracker.latestSlot();
        return latest == Long.MIN_VALUE ? Long.MIN_VALUE : (latest + Slots.LENGTH) * 1000;
    }

    /**
     * Once the closed slot is in a complete checkpoint, its objects cannot come back from readers, and what a look has
     * been through it does not show again. But after a restore the first look shows anew what had been found before, some
     * of it in folders of later days: until it has come that far nothing is forgotten.
     *
     * @param shownFrom looks show objects from this moment on, when continuous
     */
    void forgetAfterCheckpoint(long closedSlot, Instant shownFrom) {
        if (closedSlot == Long.MIN_VALUE) {
            return;
        }
        if (continuous) {
            tracker.forgetBefore(Math.min(closedSlot - lookBackSeconds, shownFrom.getEpochSecond()));
        } else if (foundUpTo >= foundBefore) {
            tracker.forgetBefore(closedSlot + 1);
        }
    }
}
