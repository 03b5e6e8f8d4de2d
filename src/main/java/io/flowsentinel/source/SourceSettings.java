package io.flowsentinel.source;

import io.flowsentinel.source.discovery.DiscoverySettings;
import io.flowsentinel.source.discovery.ObjectFilter;
import io.flowsentinel.source.discovery.SlotRange;
import io.flowsentinel.source.discovery.Slots;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
 * @param to objects of slots before this; null for no bound. Continuous: event time stays at the last of these slots, and
 *     nothing ends
 * @param discovery how objects are looked for
 * @param reading how objects are read
 * @param maxDelay how far event time stays behind the slot that is closed
 * @param slotsAhead how many slots after the oldest unfinished one may be read at the same time
 * @param allowOtherInput whether the state of a reading of quite other roots may be gone on from
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
        int slotsAhead,
        boolean allowOtherInput)
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
                4,
                false);
    }

    /** The same, and then whatever is published, looking every {@code interval}, and every tenth time for all of it. */
    public SourceSettings continuously(Duration interval) {
        DiscoverySettings often =
                new DiscoverySettings(interval, interval.multipliedBy(10), discovery.lookBack(), discovery.patience());
        return new SourceSettings(roots, filter, true, from, to, often, reading, maxDelay, slotsAhead, allowOtherInput);
    }

    public SourceSettings withFilter(ObjectFilter newFilter) {
        return new SourceSettings(
                roots, newFilter, continuous, from, to, discovery, reading, maxDelay, slotsAhead, allowOtherInput);
    }

    public SourceSettings withRange(@Nullable Instant newFrom, @Nullable Instant newTo) {
        return new SourceSettings(
                roots, filter, continuous, newFrom, newTo, discovery, reading, maxDelay, slotsAhead, allowOtherInput);
    }

    public SourceSettings withDiscovery(DiscoverySettings newDiscovery) {
        return new SourceSettings(
                roots, filter, continuous, from, to, newDiscovery, reading, maxDelay, slotsAhead, allowOtherInput);
    }

    public SourceSettings withReading(Reading newReading) {
        return new SourceSettings(
                roots, filter, continuous, from, to, discovery, newReading, maxDelay, slotsAhead, allowOtherInput);
    }

    public SourceSettings withMaxDelay(Duration newMaxDelay) {
        return new SourceSettings(
                roots, filter, continuous, from, to, discovery, reading, newMaxDelay, slotsAhead, allowOtherInput);
    }

    public SourceSettings withSlotsAhead(int newSlotsAhead) {
        return new SourceSettings(
                roots, filter, continuous, from, to, discovery, reading, maxDelay, newSlotsAhead, allowOtherInput);
    }

    public SourceSettings withOtherInputAllowed() {
        return new SourceSettings(roots, filter, continuous, from, to, discovery, reading, maxDelay, slotsAhead, true);
    }

    SlotRange range() {
        return SlotRange.between(from, to);
    }

    /**
     * The last slot before {@link #to}, epoch seconds; {@link Long#MAX_VALUE} where there is no bound.
     */
    long lastSlot() {
        return range().to() == Long.MAX_VALUE ? Long.MAX_VALUE : Slots.of(range().to() - 1);
    }

    /**
     * What makes progress stored in a checkpoint be about the same reading: short, however many roots there are. Not where
     * it began, which a reading that goes on is past; and where it ends only if records of its objects were left out for
     * that, when bounded.
     *
     * @param places that are read, as {@link Roots} has them
     */
    String rangeId(Collection<String> places) {
        return id(places, continuous ? null : to);
    }

    /** Whether a reading with these settings goes on where a stored one was. Other roots are no reason against it. */
    boolean goesOnFrom(DiscoveryProgress stored) {
        Collection<String> places = stored.roots().keySet();
        return stored.range().equals(id(places, null)) || stored.range().equals(rangeId(places));
    }

    private String id(Collection<String> places, @Nullable Instant end) {
        // The word from, and null, are in savepoints that are to be found again.
        Fingerprint print = Fingerprint.of(new TreeSet<>(places) + " of " + filter + " from null to " + end);
        return String.format(Locale.ROOT, "%016x%016x", print.high(), print.low());
    }
}
