package io.flowsentinel.reference;

/**
 * The records of one connection and how it began and ended.
 *
 * @param endReason as the feed writes it
 * @param crossedSyn whether the other side's SYN crossed the first one's
 * @param suspected whether rule 6 suspects more than one connection
 * @param split connections of the key that were already begun by a record with the same start
 * @param continues the connection this one goes on from; null where none
 */
record Folded(
        ConnectionRecords records,
        String endReason,
        boolean crossedSyn,
        boolean suspected,
        int split,
        Folded continues) {}
