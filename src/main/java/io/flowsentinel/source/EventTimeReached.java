package io.flowsentinel.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Tells a reader to move event time, and what was found so far.
 *
 * @param timeMillis the new event time in epoch milliseconds; {@link Long#MIN_VALUE} to leave it where it is
 * @param objectsFound absolute total; -1 while it is not known
 * @param strays absolute total
 */
record EventTimeReached(long timeMillis, long objectsFound, long strays) implements SourceEvent {}
