package io.flowsentinel.source.discovery;

import java.time.Instant;
import javax.annotation.Nullable;

/**
 * Which slots are wanted.
 *
 * @param from first second, {@link Long#MIN_VALUE} for no bound
 * @param to first second after it, {@link Long#MAX_VALUE} for no bound
 */
public record SlotRange(long from, long to) {

    /** A moment within a slot wants that slot: some of its records end later than the moment. */
    public static SlotRange between(@Nullable Instant from, @Nullable Instant to) {
        return new SlotRange(
                from == null ? Long.MIN_VALUE : Slots.of(from.getEpochSecond()),
                to == null ? Long.MAX_VALUE : to.getEpochSecond());
    }

    /** The part that is not before {@code seconds}. */
    public SlotRange notBefore(long seconds) {
        return new SlotRange(Math.max(from, seconds), to);
    }

    boolean isUnbounded() {
        return from == Long.MIN_VALUE && to == Long.MAX_VALUE;
    }

    /** An object whose name tells no slot is always wanted: the user has named it. */
    public boolean contains(long slot) {
        return slot == LogObject.UNKNOWN_SLOT || (slot >= from && slot < to);
    }

    /** Whether any second of {@code [start, end)} is in the range widened by {@code margin} seconds on both sides. */
    boolean overlaps(long start, long end, long margin) {
        boolean endsBefore = from != Long.MIN_VALUE && end <= from - margin;
        boolean startsAfter = to != Long.MAX_VALUE && start >= to + margin;
        return !endsBefore && !startsAfter;
    }
}
