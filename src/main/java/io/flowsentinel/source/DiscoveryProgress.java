package io.flowsentinel.source;

import io.flowsentinel.source.discovery.SlotRange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * How far the reading of a range has come: the enumerator's part of a checkpoint. Its size depends on what can be
 * found again by listing, not on how much history there is.
 *
 * @param range which roots, filter and times this is about; progress of another range says nothing about this one
 * @param closedSlot all slots up to this one are closed, epoch seconds; {@link Long#MIN_VALUE} for none
 * @param latestSlot the latest slot of any object found; {@link Long#MIN_VALUE} for none
 * @param ended whether all readers had been told that nothing more comes
 * @param handedOut how many objects have been handed out to readers, finished or not
 * @param takenFrom objects of slots before this one are not new, whatever a listing shows, epoch seconds
 * @param taken objects handed out, by slot, of slots from there on
 * @param strayCount how many strays have been seen
 * @param strays strays that a listing may show again
 * @param listCalls how many requests it took to find the objects
 * @param listFailures how many looks for objects have failed
 * @param begun splits that came back from readers and were not yet handed out again
 * @param roots the places that are read, each with the first slot that counts there, as {@link Roots} has them; empty where
 *     nothing was read yet
 */
public record DiscoveryProgress(
        String range,
        long closedSlot,
        long latestSlot,
        boolean ended,
        long handedOut,
        long takenFrom,
        Map<Long, Set<Fingerprint>> taken,
        long strayCount,
        Set<Fingerprint> strays,
        long listCalls,
        long listFailures,
        List<ObjectSplit> begun,
        Map<String, Long> roots) {

    /** Nothing read yet: what lies before the range stays unread, wherever a later one begins. */
    static DiscoveryProgress none(SourceSettings settings) {
        return new DiscoveryProgress(
                "",
                Long.MIN_VALUE,
                Long.MIN_VALUE,
                false,
                0,
                settings.range().from(),
                Map.of(),
                0,
                Set.of(),
                0,
                0,
                List.of(),
                Map.of());
    }

    /**
     * The last slot that the state has anything of, {@link Long#MIN_VALUE} for none: event time is past it, or an object
     * of it was handed out. What came back counts where it is begun, its first lines are in the state; that late objects
     * count unread changes nothing, their slots were closed.
     */
    long readUpTo() {
        LongStream withReaders = taken.entrySet().stream()
                .filter(slot -> !slot.getValue().isEmpty())
                .mapToLong(Map.Entry::getKey);
        LongStream waiting = begun.stream().mapToLong(ObjectSplit::slot);
        return LongStream.concat(withReaders, waiting).reduce(closedSlot, Math::max);
    }

    /**
     * This progress for a reading that ends with {@code lastSlot}: no look shows what was found behind that, and event
     * time is not to follow it.
     */
    DiscoveryProgress endingWith(long lastSlot) {
        return new DiscoveryProgress(
                range,
                closedSlot,
                Math.min(latestSlot, lastSlot),
                ended,
                handedOut,
                takenFrom,
                taken,
                strayCount,
                strays,
                listCalls,
                listFailures,
                begun,
                roots);
    }

    /**
     * What is to be looked for first: the whole range or, where some of it is closed, what can still change. That is also
     * so when a bounded reading goes on from a continuous one, after which objects were published late.
     */
    SlotRange firstLook(SourceSettings settings) {
        SlotRange range = settings.range();
        if (closedSlot == Long.MIN_VALUE) {
            return range;
        }
        long lookBack = settings.discovery().lookBack().toSeconds();
        return range.notBefore(Math.max(closedSlot - lookBack, Math.min(closedSlot, takenFrom)));
    }
}
