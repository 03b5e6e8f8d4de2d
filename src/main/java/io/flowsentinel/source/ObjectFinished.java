package io.flowsentinel.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader's word that all elements of an object have been given out. It is about the object as the reader holds it now:
 * Flink delivers no event of an attempt that is being cancelled, and those delivered come before the reset of the reader,
 * and so before the object can be handed out anew.
 *
 * @param id of the split
 * @param latestSeconds the latest event second in it; {@link Long#MIN_VALUE} if none
 */
record ObjectFinished(String id, long latestSeconds) implements SourceEvent {}
