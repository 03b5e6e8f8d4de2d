package io.flowsentinel.detect.judging;

/** What a rule has to know of all that counts in a window to tell that it cannot speak, before any of it is read. */
public enum Glance {

    /** The moments, see {@link Tally#moments}; not where an allow-list covers some of it, for the rest may be enough. */
    MOMENTS,

    /**
     * Each cell's address as {@link Cell#fingerprint(io.flowsentinel.model.IpAddress, int, int)} has it without a service;
     * also of what an allow-list covers, so that they only ever tell of too few.
     */
    ADDRESSES
}
