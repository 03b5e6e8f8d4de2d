package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.DirectionEvidence;

/**
 * What is kept of a connection that has ended: enough to name it, and to hand its roles on when it turns out to have
 * been silent, not over.
 *
 * @param start epoch seconds, part of its id
 * @param split part of its id
 * @param end epoch seconds of its last record's end
 * @param silent whether it ended by silence, so that a connection may go on from it
 * @param originatorIsLower who opened it
 * @param evidence how sure that is
 * @param forgetAt epoch seconds of event time from which this has no use
 */
record Tombstone(
        long start,
        int split,
        long end,
        boolean silent,
        boolean originatorIsLower,
        DirectionEvidence evidence,
        long forgetAt) {}
