package io.flowsentinel.model;

/**
 * A line that says what an interface did not log: nothing to log (NODATA) or records lost (SKIPDATA).
 *
 * @param observer the interface
 * @param status which of the two
 * @param start epoch seconds
 * @param end epoch seconds, never before {@code start}
 * @param ref where the line stands
 */
public record CoverageRecord(Observer observer, Status status, long start, long end, RecordRef ref) implements Notice {

    /** The {@code log-status} field, {@code OK} aside. */
    public enum Status {
        NODATA,
        SKIPDATA
    }
}
