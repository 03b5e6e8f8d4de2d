package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Which connections of one bucket began in the last eleven minutes, so that no two of a key get the same number.
 *
 * <p>Records of at most W + 60 s that start in the same second are folded one right after the other. A longer one (W is
 * configured too short) is folded at its end, when a connection that had begun with the same start may be over and
 * forgotten; this is what remains of it. Eight bytes a connection: its start and 32 mixed bits of its key.
 */
final class Beginnings {

    /** No record is longer: AWS's longest aggregation interval, and its 60 s of slack. */
    static final long LONGEST_RECORD_SECONDS = 600 + Timeouts.CLOCK_SLACK_SECONDS;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** As stored until there is a change, then a longer copy. */
    private long[] entries;

    private int size;
    private boolean changed;

    /** How many there are of each entry; null until it is asked for, which only a record longer than W + 60 s does. */
    private Map<Long, Integer> counts;

    private Beginnings(long[] entries) {
        this.entries = entries;
        this.size = entries.length;
    }

    /**
     * The beginnings of a bucket.
     *
     * @param stored as {@link #stored} has given them, not changed here; null where there are none
     */
    static Beginnings of(long[] stored) {
        return new Beginnings(stored == null ? new long[0] : stored);
    }

    /** What is worth keeping; null where nothing is. */
    long[] stored() {
        return size == 0 ? null : Arrays.copyOf(entries, size);
    }

    /** Whether what is stored is no longer what it was. */
    boolean changed() {
        return changed;
    }

    void add(ConnectionKey key, long start) {
        if (!changed || size == entries.length) {
            entries = Arrays.copyOf(entries, Math.max(16, size * 2));
        }
        changed = true;
        long added = entry(key, start);
        entries[size] = added;
        size++;
        if (counts != null) {
            counts.merge(added, 1, Integer::sum);
        }
    }

    /** How many connections of the key have begun with a record of this start. */
    int count(ConnectionKey key, long start) {
        if (counts == null) {
            counts = new HashMap<>(size * 2);
            present().forEach(entry -> counts.merge(entry, 1, Integer::sum));
        }
        return counts.getOrDefault(entry(key, start), 0);
    }

    /**
     * Forgets the connections with whose start no record can come any more.
     *
     * @param now epoch seconds of event time
     */
    void forget(long now) {
        if (present().anyMatch(entry -> useless(entry, now))) {
            entries = present().filter(entry -> !useless(entry, now)).toArray();
            size = entries.length;
            changed = true;
            counts = null;
        }
    }

    private static boolean useless(long entry, long now) {
        return (entry >>> Integer.SIZE) + LONGEST_RECORD_SECONDS <= now;
    }

    private LongStream present() {
        return Arrays.stream(entries, 0, size);
    }

    private static long entry(ConnectionKey key, long start) {
        long mixed = mix(key.scope().hashCode() * 31L + key.protocol(), key.lower());
        return start << Integer.SIZE | mix(mixed, key.higher()) >>> Integer.SIZE;
    }

    private static long mix(long before, Endpoint endpoint) {
        long mixed = mix(before ^ endpoint.address().high());
        mixed = mix(mixed ^ endpoint.address().low());
        return mix(mixed ^ endpoint.port());
    }

    private static long mix(long bits) {
        long product = bits * MULTIPLIER;
        return product ^ product >>> Integer.SIZE;
    }
}
