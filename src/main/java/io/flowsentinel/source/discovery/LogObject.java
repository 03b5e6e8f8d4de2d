package io.flowsentinel.source.discovery;

/**
 * One object as a listing shows it.
 *
 * @param uri the full URI, such as {@code s3://bucket/AWSLogs/...}
 * @param size bytes as stored
 * @param tag tells versions of the object apart: its modification time in epoch milliseconds
 * @param slotSeconds start of the five-minute delivery slot in its name, epoch seconds; {@link #UNKNOWN_SLOT} for a
 *     single file whose name tells none
 * @param account the account in the file name; empty if unknown
 * @param region the region in the file name; empty if unknown
 * @param flowLogId such as {@code fl-0123456789abcdef0}; empty if unknown
 */
public record LogObject(
        String uri, long size, String tag, long slotSeconds, String account, String region, String flowLogId) {

    /** The slot of an object whose name tells none; before all others. */
    public static final long UNKNOWN_SLOT = Long.MIN_VALUE;

    /**
     * What makes two listed objects the same: key and size. Not the tag: a copy made anew by a mirror has another
     * modification time and the same lines.
     */
    public String id() {
        return uri + '#' + size;
    }
}
