package io.flowsentinel.model;

/**
 * A line that could not be understood, or an object that could not be read.
 *
 * @param object the object's full URI
 * @param lineNumber from 1; 0 for a fault of the object itself
 * @param line the raw bytes, one char each (ISO-8859-1), cut at {@link #MAX_BYTES}; empty for a fault of the object
 * @param reason what was wrong and what was expected, such as {@code dstport 'abc' is not a port}
 * @param timeMillis the object's delivery slot, so that a replay gives the same row
 */
public record QuarantinedLine(String object, long lineNumber, String line, String reason, long timeMillis) {

    /** How much of a line is kept: 8 KiB. */
    public static final int MAX_BYTES = 8 * 1024;
}
