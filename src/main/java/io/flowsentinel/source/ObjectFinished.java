package io.flowsentinel.source;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader's word that all elements of an object have been given out.
 *
 * @param id of the split
 * @param latestSeconds the latest event second in it; {@link Long#MIN_VALUE} if none
 */
record ObjectFinished(String id, long latestSeconds) implements SourceEvent {}
