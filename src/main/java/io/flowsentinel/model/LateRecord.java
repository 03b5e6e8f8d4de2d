package io.flowsentinel.model;

/**
 * A usable record whose end lies further before its object's slot than the allowed delay.
 *
 * @param ref where the line stands
 * @param line the raw bytes, one char each (ISO-8859-1)
 * @param lateByMillis how far behind the allowed delay it came; above 0
 */
public record LateRecord(RecordRef ref, String line, long lateByMillis) {}
