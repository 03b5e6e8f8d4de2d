package io.flowsentinel.detect;

import java.util.Arrays;

/**
 * Tells of nearly all hashes that were not seen that they were not, for the price of one look at a table that stays in the
 * processor's cache: in front of a map in which most of what is asked for is not.
 */
final class HashesSeen {

    /** Bits for each hash: of those not seen one in so many seems to be. */
    private static final int BITS_EACH = 16;

    private final long[] bits;

    /** @param most about as many are seen at a time, a power of two from 4 */
    HashesSeen(int most) {
        bits = new long[most * BITS_EACH / Long.SIZE];
    }

    void see(int hash) {
        bits[word(hash)] |= 1L << hash;
    }

    /** False only where it was not seen. */
    boolean mayHaveSeen(int hash) {
        return (bits[word(hash)] & 1L << hash) != 0;
    }

    void clear() {
        Arrays.fill(bits, 0);
    }

    private int word(int hash) {
        return hash >>> Integer.numberOfTrailingZeros(Long.SIZE) & bits.length - 1;
    }
}
