package io.flowsentinel.source;

import java.io.Serializable;

/**
 * What the discovery of objects has come to since the range began; absolute.
 *
 * @param objectsFound objects known so far, read or not
 * @param strays files below the roots that are no objects
 * @param listCalls requests it took to find them
 * @param listFailures looks that failed
 * @param slotSeconds start of the last closed slot, epoch seconds; {@link Long#MIN_VALUE} for none
 */
public record DiscoveryTotals(long objectsFound, long strays, long listCalls, long listFailures, long slotSeconds)
        implements Serializable {}
