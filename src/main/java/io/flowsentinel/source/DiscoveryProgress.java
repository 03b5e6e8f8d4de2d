package io.flowsentinel.source;

import io.flowsentinel.source.discovery.SlotRange;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far the reading of a range has come: the enumerator's part of a checkpoint. Its size depends on what can be
 * found again by listing, not on how much history there is.
 *
 * @param range which roots and times this is about; progress of another range says nothing about this one
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
        List<ObjectSplit> begun) {

    /** Nothing read yet. */
    static DiscoveryProgress none(String range) {
        return new DiscoveryProgress(
                range,
                Long.MIN_VALUE,
                Long.MIN_VALUE,
                false,
                0,
                Long.MIN_VALUE,
                Map.of(),
                0,
                Set.of(),
                0,
                0,
                List.of());
    }

    /** What is to be looked for first: the whole range or, where some of it is closed, what can still change. */
    SlotRange firstLook(SourceSettings settings) {
        SlotRange range = settings.range();
        if (closedSlot == Long.MIN_VALUE) {
            return range;
        }
        long lookBack = settings.discovery().lookBack().toSeconds();
        return range.notBefore(settings.continuous() ? closedSlot - lookBack : closedSlot);
    }
}
