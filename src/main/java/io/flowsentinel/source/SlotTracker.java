package io.flowsentinel.source;

import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.discovery.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.annotation.Nullable;

/**
 * Keeps the books of a reading: which objects wait, which are being read, which were handed out, and up to which slot
 * all are read. No Flink, no clock, no I/O; all times are epoch seconds.
 *
 * <p>A slot is open while one of its objects waits or is being read. The closed slot is the last one with none open at
 * or before it, and never goes beyond what {@link #close} allows. Objects found after their slot was closed are read
 * but hold nothing up. An object whose name tells no slot comes before all others and holds event time until it is
 * read: what it holds is known only then.
 *
 * <p>An object that was handed out can come back with the position its reader was restored to. It is open again, and if
 * its slot was closed since, the closed slot goes back: to no further than the checkpoint, in which it was open. An object
 * without a slot sends it back to just that: it may have been found when much was closed already.
 */
final class SlotTracker {

    /** The objects of one slot. */
    private static final class Slot {
        /** By id, which begins with the URI: the order of reading. */
        private final TreeMap<String, ObjectSplit> waiting = new TreeMap<>();

        private int reading;

        private boolean isOpen() {
            return !waiting.isEmpty() || reading > 0;
        }
    }

    private final int slotsAhead;
    private final Roots roots;
    private final TreeMap<Long, Slot> slots = new TreeMap<>();
    private final Slot late = new Slot();

    /** Slots after the oldest open one of which objects were handed out, read or not. */
    private final TreeSet<Long> begunSlots = new TreeSet<>();

    private final Map<String, ObjectSplit> reading = new HashMap<>();
    private final TreeMap<Long, Set<Fingerprint>> taken = new TreeMap<>();

    /** Of the slots that have not changed since the last checkpoint: most of them. */
    private final Map<Long, Set<Fingerprint>> takenCopies = new HashMap<>();

    private int waiting;
    private long handedOut;
    private long closedSlot;

    /** The closed slot of the checkpoint that readers fall back to. */
    private long checkpointedSlot;

    private long latestSlot;
    private boolean anythingFinished;

    /** What was handed out of slots before this one is forgotten. */
    private long takenFrom;

    /** Nothing in slots before this one is new: what was handed out of them before a restore is forgotten. */
    private final long newFrom;

    private long foundLate;

    /**
     * @param slotsAhead of how many slots after the oldest open one objects may have been handed out
     */
    SlotTracker(int slotsAhead, Roots roots, DiscoveryProgress progress) {
        this.slotsAhead = slotsAhead;
        this.roots = roots;
        this.handedOut = progress.handedOut();
        this.closedSlot = progress.closedSlot();
        this.checkpointedSlot = progress.closedSlot();
        this.latestSlot = progress.latestSlot();
        this.takenFrom = progress.takenFrom();
        this.newFrom = progress.takenFrom();
        this.anythingFinished = closedSlot != Long.MIN_VALUE;
        progress.taken().forEach((slot, ids) -> taken.put(slot, new HashSet<>(ids)));
        progress.begun().forEach(this::await);
    }

    /** Takes in what a look has found; known objects are passed over. */
    void found(List<LogObject> objects) {
        for (LogObject object : objects) {
            if (isNew(object)) {
                boolean late = isClosed(object.slotSeconds());
                foundLate += late ? 1 : 0;
                await(ObjectSplit.unread(object, late));
            }
        }
    }

    /** The next object to read, null when readers have to wait or nothing is left. */
    @Nullable
    ObjectSplit next() {
        if (!late.waiting.isEmpty()) {
            return handOut(late);
        }
        for (Map.Entry<Long, Slot> slot : slots.entrySet()) {
            if (!slot.getValue().waiting.isEmpty()) {
                return mayBegin(slot.getKey()) ? handOut(slot.getValue()) : null;
            }
        }
        return null;
    }

    /** Slots that were read before the oldest open one are ahead of it too: what they held waits for event time. */
    private boolean mayBegin(long slot) {
        begunSlots.headSet(slots.firstKey(), true).clear();
        return slot == slots.firstKey() || begunSlots.contains(slot) || begunSlots.size() < slotsAhead;
    }

    /**
     * An object was read to its end, or as far as it can be.
     *
     * @param latestSeconds of its events; places it if its name tells no slot
     */
    void finished(String id, long latestSeconds) {
        ObjectSplit split = reading.remove(id);
        if (split == null) {
            return;
        }
        anythingFinished = true;
        if (split.slot() == LogObject.UNKNOWN_SLOT && latestSeconds != Long.MIN_VALUE) {
            latestSlot = Math.max(latestSlot, Slots.of(latestSeconds));
        }
        stopReading(split);
    }

    /** An object that was handed out comes back: its reader failed, or was restored and reports it. */
    void returned(ObjectSplit split) {
        ObjectSplit handed = reading.remove(split.splitId());
        if (handed != null) {
            stopReading(handed);
        }
        Set<Fingerprint> ofSlot = taken.get(split.slot());
        if (ofSlot != null && ofSlot.remove(Fingerprint.of(split.splitId()))) {
            takenCopies.remove(split.slot());
        }
        if (!slotOf(split).waiting.containsKey(split.splitId())) {
            handedOut--;
        }
        if (!split.late() && (isClosed(split.slot()) || split.slot() == LogObject.UNKNOWN_SLOT)) {
            closedSlot = Math.min(closedSlot, Math.max(before(split.slot()), checkpointedSlot));
        }
        await(split);
    }

    /**
     * Takes in the closed slot of a checkpoint that is complete: readers fall back no further. The last one told is the
     * one they fall back to: Flink completes checkpoints in order, tells nothing of savepoints that a job goes on after,
     * and a failure of all of the job builds a new enumerator.
     */
    void checkpointed(long slot) {
        checkpointedSlot = slot;
    }

    /** Moves the closed slot forward to before the oldest open slot, but not beyond {@code limit}. */
    void close(long limit) {
        long target = slots.isEmpty() ? limit : Math.min(limit, before(slots.firstKey()));
        closedSlot = Math.max(closedSlot, target);
    }

    /** As {@link #close}, where the objects found are all there are up to the limit: only they hold a slot open. */
    void closeWhatIsRead(long limit) {
        if (anythingFinished) {
            close(slots.isEmpty() ? Math.min(limit, latestSlot) : limit);
        }
    }

    /** Forgets handed out objects of slots before {@code slot}: no look shows them again and no reader returns them. */
    void forgetBefore(long slot) {
        takenFrom = Math.max(takenFrom, slot);
        // Objects without a slot are found by every look.
        taken.subMap(LogObject.UNKNOWN_SLOT, false, Math.max(slot, LogObject.UNKNOWN_SLOT + 1), false)
                .clear();
        takenCopies.keySet().retainAll(taken.keySet());
    }

    /** Whether every object found was read. */
    boolean isDrained() {
        return slots.isEmpty() && !late.isOpen();
    }

    /** {@link Long#MIN_VALUE} while none is closed. */
    long closedSlot() {
        return closedSlot;
    }

    /** {@link Long#MIN_VALUE} while no object with a slot was found. */
    long latestSlot() {
        return latestSlot;
    }

    /** The oldest slot with an object that waits or is being read; {@link Long#MIN_VALUE} for none. */
    long oldestOpenSlot() {
        return slots.isEmpty() ? Long.MIN_VALUE : slots.firstKey();
    }

    /** How many objects were found after their slot had been closed. */
    long objectsFoundLate() {
        return foundLate;
    }

    long objectsFound() {
        return handedOut + waiting;
    }

    long objectsFinished() {
        return handedOut - reading.size();
    }

    int objectsWaiting() {
        return waiting;
    }

    DiscoveryProgress progress(String range, boolean ended, StrayBook strays, long listCalls, long listFailures) {
        taken.forEach((slot, ids) -> takenCopies.computeIfAbsent(slot, changed -> Set.copyOf(ids)));
        return new DiscoveryProgress(
                range,
                closedSlot,
                latestSlot,
                ended,
                handedOut,
                takenFrom,
                new TreeMap<>(takenCopies),
                strays.count(),
                Set.copyOf(strays.known()),
                listCalls,
                listFailures,
                begun(),
                roots.begins());
    }

    private List<ObjectSplit> begun() {
        List<ObjectSplit> begun = new ArrayList<>();
        slots.values().forEach(slot -> slot.waiting.values().stream()
                .filter(ObjectSplit::isBegun)
                .forEach(begun::add));
        begun.addAll(late.waiting.values());
        return begun;
    }

    private boolean isNew(LogObject object) {
        long slotSeconds = object.slotSeconds();
        if (slotSeconds != LogObject.UNKNOWN_SLOT
                && (slotSeconds < newFrom || !roots.want(object.uri(), slotSeconds))) {
            return false;
        }
        String id = object.id();
        Slot slot = slots.get(slotSeconds);
        boolean waits = (slot != null && slot.waiting.containsKey(id)) || late.waiting.containsKey(id);
        Set<Fingerprint> ofSlot = taken.get(slotSeconds);
        return !waits && (ofSlot == null || !ofSlot.contains(Fingerprint.of(id)));
    }

    private boolean isClosed(long slot) {
        return slot != LogObject.UNKNOWN_SLOT && slot <= closedSlot;
    }

    private void await(ObjectSplit split) {
        latestSlot = Math.max(latestSlot, split.slot());
        if (slotOf(split).waiting.put(split.splitId(), split) == null) {
            waiting++;
        }
    }

    private ObjectSplit handOut(Slot slot) {
        ObjectSplit split = slot.waiting.pollFirstEntry().getValue();
        waiting--;
        slot.reading++;
        reading.put(split.splitId(), split);
        take(split);
        handedOut++;
        if (!split.late()) {
            begunSlots.add(split.slot());
        }
        return split;
    }

    private void take(ObjectSplit split) {
        taken.computeIfAbsent(split.slot(), none -> new HashSet<>()).add(Fingerprint.of(split.splitId()));
        takenCopies.remove(split.slot());
    }

    private void stopReading(ObjectSplit split) {
        Slot slot = slotOf(split);
        slot.reading--;
        if (slot != late && !slot.isOpen()) {
            slots.remove(split.slot());
        }
    }

    private Slot slotOf(ObjectSplit split) {
        return split.late() ? late : slots.computeIfAbsent(split.slot(), none -> new Slot());
    }

    private static long before(long slot) {
        return slot == LogObject.UNKNOWN_SLOT ? Long.MIN_VALUE : slot - Slots.LENGTH;
    }
}
