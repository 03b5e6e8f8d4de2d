package io.flowsentinel.lifecycle;

import java.util.Arrays;

/**
 * The times in which one interface lost records, as pairs of first and last second in one array.
 *
 * <p>Values of the operator's broadcast state: plain arrays, so that an interface costs no object tree.
 */
final class LostRecords {

    /** How long lost records are remembered: what {@link CoverageGap} looks back, and as much for a wait. */
    static final long REMEMBERED_SECONDS = 2 * CoverageGap.LOOKED_BACK_SECONDS;

    private LostRecords() {}

    /** The pairs with one more, unless it is among them; {@code pairs} may be null. */
    static long[] plus(long[] pairs, long start, long end) {
        long[] known = pairs == null ? new long[0] : pairs;
        for (int i = 0; i < known.length; i += 2) {
            if (known[i] == start && known[i + 1] == end) {
                return known;
            }
        }
        long[] longer = Arrays.copyOf(known, known.length + 2);
        longer[known.length] = start;
        longer[known.length + 1] = end;
        return longer;
    }

    /** The pairs that do not end before a moment; empty where none is left. */
    static long[] since(long[] pairs, long moment) {
        long[] kept = new long[pairs.length];
        int size = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1] >= moment) {
                kept[size++] = pairs[i];
                kept[size++] = pairs[i + 1];
            }
        }
        return size == pairs.length ? pairs : Arrays.copyOf(kept, size);
    }

    /** As {@link Outlet#lostRecords}; {@code pairs} may be null. */
    static boolean overlap(long[] pairs, long from, long to, long knownBy, FoldTime foldTime) {
        if (pairs == null) {
            return false;
        }
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i] <= to && pairs[i + 1] >= from && foldTime.of(pairs[i], pairs[i + 1]) <= knownBy) {
                return true;
            }
        }
        return false;
    }
}
