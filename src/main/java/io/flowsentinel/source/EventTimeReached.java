package io.flowsentinel.source;

import javax.annotation.Nullable;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Tells a reader to move event time, and what was found so far.
 *
 * @param timeMillis the new event time in epoch milliseconds; {@link Long#MIN_VALUE} to leave it where it is
 * @param totals null while they are not known
 */
record EventTimeReached(long timeMillis, @Nullable DiscoveryTotals totals) implements SourceEvent {}
