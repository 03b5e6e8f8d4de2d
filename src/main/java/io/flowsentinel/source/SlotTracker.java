package io.flowsentinel.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
 * its slot was closed since, the closed slot goes back: to no further than the checkpoint, in which it was open.
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
    private final boolean acceptsLate;
    private final TreeMap<Long, Slot> slots = new TreeMap<>();
    private final Slot late = new Slot();
    private final Map<String, ObjectSplit> reading = new HashMap<>();
    private final TreeMap<Long, Set<Fingerprint>> taken = new TreeMap<>();
    private int waiting;
    private long handedOut;
    private long closedSlot;
    private long latestSlot;
    private boolean anythingFinished;

    /**
     * @param slotsAhead how many open slots after the oldest one are handed out too
     * @param acceptsLate whether an object of a closed slot that was never handed out is new; else it was read before a
     *     restore
     */
    SlotTracker(int slotsAhead, boolean acceptsLate, DiscoveryProgress progress) {
        this.slotsAhead = slotsAhead;
        this.acceptsLate = acceptsLate;
        this.handedOut = progress.handedOut();
        this.closedSlot = progress.closedSlot();
        this.latestSlot = progress.latestSlot();
        this.anythingFinished = closedSlot != Long.MIN_VALUE;
        progress.taken().forEach((slot, ids) -> taken.put(slot, new HashSet<>(ids)));
        progress.begun().forEach(this::await);
    }

    /** Takes in what a look has found; known objects are passed over. */
    void found(List<LogObject> objects) {
        for (LogObject object : objects) {
            if (isNew(object)) {
                await(ObjectSplit.unread(object, isClosed(object.slotSeconds())));
            }
        }
    }

    /** The next object to read, null when readers have to wait or nothing is left. */
    @Nullable
    ObjectSplit next() {
        if (!late.waiting.isEmpty()) {
            return handOut(late);
        }
        int ahead = 0;
        for (Slot slot : slots.values()) {
            if (!slot.waiting.isEmpty()) {
                return handOut(slot);
            }
            if (++ahead > slotsAhead) {
                return null;
            }
        }
        return null;
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
        if (ofSlot != null) {
            ofSlot.remove(Fingerprint.of(split.splitId()));
        }
        if (!slotOf(split).waiting.containsKey(split.splitId())) {
            handedOut--;
        }
        if (isClosed(split.slot()) && !split.late()) {
            closedSlot = split.slot() - Slots.LENGTH;
        }
        await(split);
    }

    /** Moves the closed slot forward to before the oldest open slot, but not beyond {@code limit}. */
    void close(long limit) {
        long target = slots.isEmpty() ? limit : Math.min(limit, before(slots.firstKey()));
        closedSlot = Math.max(closedSlot, target);
    }

    /** As {@link #close}, where the objects found are all there are: nothing but they holds a slot open. */
    void closeWhatIsRead() {
        if (anythingFinished) {
            close(slots.isEmpty() ? latestSlot : Long.MAX_VALUE);
        }
    }

    /** Forgets handed out objects of slots before {@code slot}: no listing shows them again and no reader returns them. */
    void forgetBefore(long slot) {
        // Objects without a slot are found by every look.
        taken.subMap(LogObject.UNKNOWN_SLOT, false, Math.max(slot, LogObject.UNKNOWN_SLOT + 1), false)
                .clear();
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

    long objectsFound() {
        return handedOut + waiting;
    }

    long objectsFinished() {
        return handedOut - reading.size();
    }

    int objectsWaiting() {
        return waiting;
    }

    DiscoveryProgress progress(String range, boolean ended, long strayCount, Set<Fingerprint> strays) {
        Map<Long, Set<Fingerprint>> takenNow = new TreeMap<>();
        taken.forEach((slot, ids) -> takenNow.put(slot, Set.copyOf(ids)));
        return new DiscoveryProgress(
                range, closedSlot, latestSlot, ended, handedOut, strayCount, takenNow, Set.copyOf(strays), begun());
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
        if (isClosed(object.slotSeconds()) && !acceptsLate) {
            return false;
        }
        String id = object.id();
        Slot slot = slots.get(object.slotSeconds());
        boolean waits = (slot != null && slot.waiting.containsKey(id)) || late.waiting.containsKey(id);
        Set<Fingerprint> ofSlot = taken.get(object.slotSeconds());
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
        taken.computeIfAbsent(split.slot(), none -> new HashSet<>()).add(Fingerprint.of(split.splitId()));
        handedOut++;
        return split;
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
