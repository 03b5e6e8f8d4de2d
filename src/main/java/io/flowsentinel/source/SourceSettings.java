package io.flowsentinel.source;

import io.flowsentinel.source.discovery.DiscoverySettings;
import io.flowsentinel.source.discovery.ObjectFilter;
import io.flowsentinel.source.discovery.SlotRange;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import javax.annotation.Nullable;

/**
 * What to read and how.
 *
 * @param roots buckets, folders at any depth, or single files
 * @param filter which of the objects below the roots are wanted
 * @param continuous whether to go on looking for new objects for ever
 * @param from objects of slots from here on; null for no bound
 * @param to objects of slots before this; null for no bound
 * @param discovery how objects are looked for
 * @param reading how objects are read
 * @param maxDelay how far event time stays behind the slot that is closed
 * @param slotsAhead how many slots after the oldest unfinished one may be read at the same time
 */
public record SourceSettings(
        ArrayList<String> roots,
        ObjectFilter filter,
        boolean continuous,
        @Nullable Instant from,
        @Nullable Instant to,
        DiscoverySettings discovery,
        Reading reading,
        Duration maxDelay,
        int slotsAhead)
        implements Serializable {

    /**
     * How objects are read.
     *
     * @param inFlight how many objects each reader fetches at a time
     * @param attempts how often an object is tried before it counts as unreadable
     * @param backOff the wait before the second attempt; it doubles with each further one
     * @param failJob whether an object that stays unreadable fails the job; otherwise it ends with its reason
     */
    public record Reading(int inFlight, int attempts, Duration backOff, boolean failJob) implements Serializable {

        /** The defaults of the configuration. */
        public static final Reading DEFAULT = new Reading(4, 25, Duration.ofSeconds(1), false);
    }

    /** All there is below the roots now, with the defaults of the configuration. */
    public static SourceSettings bounded(List<String> roots) {
        return new SourceSettings(
                new ArrayList<>(roots),
                ObjectFilter.NONE,
                false,
                null,
                null,
                DiscoverySettings.DEFAULT,
                Reading.DEFAULT,
                Duration.ofMinutes(10),
                4);
    }

    /** The same, and then whatever is published, looking every {@code interval}, and every tenth time for all of it. */
    public SourceSettings continuously(Duration interval) {
        DiscoverySettings often =
                new DiscoverySettings(interval, interval.multipliedBy(10), discovery.lookBack(), discovery.patience());
        return new SourceSettings(roots, filter, true, from, to, often, reading, maxDelay, slotsAhead);
    }

    public SourceSettings withFilter(ObjectFilter newFilter) {
        return new SourceSettings(roots, newFilter, continuous, from, to, discovery, reading, maxDelay, slotsAhead);
    }

    public SourceSettings withRange(@Nullable Instant newFrom, @Nullable Instant newTo) {
        return new SourceSettings(roots, filter, continuous, newFrom, newTo, discovery, reading, maxDelay, slotsAhead);
    }

    public SourceSettings withDiscovery(DiscoverySettings newDiscovery) {
        return new SourceSettings(roots, filter, continuous, from, to, newDiscovery, reading, maxDelay, slotsAhead);
    }

    public SourceSettings withReading(Reading newReading) {
        return new SourceSettings(roots, filter, continuous, from, to, discovery, newReading, maxDelay, slotsAhead);
    }

    public SourceSettings withMaxDelay(Duration newMaxDelay) {
        return new SourceSettings(roots, filter, continuous, from, to, discovery, reading, newMaxDelay, slotsAhead);
    }

    public SourceSettings withSlotsAhead(int newSlotsAhead) {
        return new SourceSettings(roots, filter, continuous, from, to, discovery, reading, maxDelay, newSlotsAhead);
    }

    SlotRange range() {
        return SlotRange.between(from, to);
    }

    /** What makes progress stored in a checkpoint be about the same reading: short, however many roots there are. */
    String rangeId() {
        Fingerprint print = Fingerprint.of(new TreeSet<>(roots) + " of " + filter + " from " + from + " to " + to);
        return String.format(Locale.ROOT, "%016x%016x", print.high(), print.low());
    }
}
