package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;

/**
 * A connection that takes no more records, waiting until the coverage records of its time are here.
 *
 * @param connection is not changed any more
 * @param reason why it ended
 * @param finalAt epoch seconds of event time at which all about it is certain
 */
record Ended(Tracked connection, EndReason reason, long finalAt) {}
