package io.flowsentinel.lifecycle;

/**
 * The keys of one bucket that anything is remembered of, in one block of bytes: the value in the keyed state. Not
 * changed once it is made, so that a checkpoint may read it while the bucket goes on with its successor.
 *
 * <p>Entries stand one after another, ordered by the bytes of their keys:
 *
 * <pre>
 * length of the rest, 7 bits a byte | due, 4 bytes | key | memory
 * </pre>
 *
 * <p>{@code due} is in epoch seconds of event time, at most 2^32 - 2: the key need not be looked at before. See
 * {@link KeyFormat} and {@link MemoryFormat}.
 */
final class PackedKeys {

    /** What is due later is looked at then: 2106. */
    static final long LATEST_DUE = 0xffff_fffeL;

    static final PackedKeys NONE = new PackedKeys(new byte[0], new Names());

    private final byte[] entries;
    private final Names names;

    /**
     * The keys of a bucket.
     *
     * @param entries as above, not to be changed any more
     * @param names what the entries refer to, not to be changed any more
     */
    PackedKeys(byte[] entries, Names names) {
        this.entries = entries;
        this.names = names;
    }

    /** Not to be changed. */
    byte[] entries() {
        return entries;
    }

    /** Not to be changed. */
    Names names() {
        return names;
    }

    boolean isEmpty() {
        return entries.length == 0;
    }
}
