package io.flowsentinel.source;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.Nullable;

/**
 * What to read and how.
 *
 * @param roots buckets, folders at any depth, or single files
 * @param continuous whether to go on looking for new objects for ever
 * @param from objects of slots from here on; null for no bound
 * @param to objects of slots before this; null for no bound
 * @param discoveryInterval time between two looks, when continuous
 * @param lookBack how far behind now a look goes for objects that are published late, when continuous
 * @param maxDelay how far event time stays behind the slot that is closed
 * @param slotsAhead how many slots after the oldest unfinished one may be read at the same time
 */
public record SourceSettings(
        ArrayList<String> roots,
        boolean continuous,
        @Nullable Instant from,
        @Nullable Instant to,
        Duration discoveryInterval,
        Duration lookBack,
        Duration maxDelay,
        int slotsAhead)
        implements Serializable {

    /** All there is below the roots now, with the defaults of the configuration. */
    public static SourceSettings bounded(List<String> roots) {
        return new SourceSettings(
                new ArrayList<>(roots),
                false,
                null,
                null,
                Duration.ofSeconds(30),
                Duration.ofDays(2),
                Duration.ofMinutes(10),
                4);
    }

    /** The same, and then whatever is published, looking every {@code interval}. */
    public SourceSettings continuously(Duration interval) {
        return new SourceSettings(roots, true, from, to, interval, lookBack, maxDelay, slotsAhead);
    }

    public SourceSettings withRange(@Nullable Instant newFrom, @Nullable Instant newTo) {
        return new SourceSettings(roots, continuous, newFrom, newTo, discoveryInterval, lookBack, maxDelay, slotsAhead);
    }

    public SourceSettings withLookBack(Duration newLookBack) {
        return new SourceSettings(roots, continuous, from, to, discoveryInterval, newLookBack, maxDelay, slotsAhead);
    }

    public SourceSettings withMaxDelay(Duration newMaxDelay) {
        return new SourceSettings(roots, continuous, from, to, discoveryInterval, lookBack, newMaxDelay, slotsAhead);
    }

    public SourceSettings withSlotsAhead(int newSlotsAhead) {
        return new SourceSettings(roots, continuous, from, to, discoveryInterval, lookBack, maxDelay, newSlotsAhead);
    }

    SlotRange range() {
        return SlotRange.between(from, to);
    }

    /** What makes progress stored in a checkpoint be about the same reading: short, however many roots there are. */
    String rangeId() {
        Fingerprint print = Fingerprint.of(roots + " from " + from + " to " + to);
        return Long.toHexString(print.high()) + Long.toHexString(print.low());
    }
}
