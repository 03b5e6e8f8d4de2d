package io.flowsentinel.traffic;

/**
 * Packets of one kind at one instant.
 *
 * @param at epoch seconds
 * @param flags TCP flags; of ACK only what comes with a SYN
 * @param bytes of all of them together
 */
record Packets(long at, int flags, long count, long bytes) {}
