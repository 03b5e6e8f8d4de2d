package io.flowsentinel.source.lines;

/**
 * How much memory may be taken at a time for what is decoded of one row group: decompressed pages, dictionaries, and the
 * buffers of the library. Compression and encodings make gigabytes of a few stored bytes; running out of memory would end
 * the task, and again after each restart, where the object at fault is read again.
 */
final class ParquetBudget {

    /** In all. Writers aim at a megabyte a page and at most as much a dictionary, for each of up to 60 columns or so. */
    static final long BYTES = 1L << 28;

    /** Of one page, decompressed. Some writers put a whole column of a row group in one page. */
    static final int PAGE_BYTES = 1 << 26;

    /** What a value of a dictionary takes besides its bytes: an object for it and one for its field. */
    static final long DICTIONARY_VALUE_BYTES = 64;

    private final long most;
    private long taken;

    ParquetBudget(long most) {
        this.most = most;
    }

    /**
     * Is called before the memory is taken.
     *
     * @param what for the message, and what takes so much
     */
    void take(long bytes, String what) throws ParquetFault {
        if (bytes > most - taken) {
            throw new ParquetFault(what + " takes " + bytes + " bytes of memory; expected at most " + (most - taken)
                    + " of the " + most + " for a row group");
        }
        taken += bytes;
    }

    void giveBack(long bytes) {
        taken -= bytes;
    }
}
