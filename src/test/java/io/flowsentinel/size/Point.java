package io.flowsentinel.size;

import java.util.Locale;

/**
 * What was measured at one point.
 *
 * @param records that came in the step before it
 * @param seconds from the step's beginning until the tracker had worked them
 * @param savepointBytes of a savepoint in the canonical format: only what is live; 0 where none was asked for
 */
record Point(Step step, long records, double seconds, CheckpointSize checkpoint, long savepointBytes, Space space) {

    static final String HEADER = String.format(
            "%-8s %10s %10s %10s | %10s %9s | %10s %10s %10s %7s %8s | %9s | %9s %9s %9s",
            "point",
            "open",
            "waiting",
            "silent",
            "records",
            "records/s",
            "checkpoint",
            "new in it",
            "files",
            "sync ms",
            "async ms",
            "savepoint",
            "heap",
            "RSS",
            "SST");

    private static final double MEBI = 1024 * 1024;

    /** Sizes in MiB. */
    String row() {
        return String.format(
                Locale.ROOT,
                "%-8s %10d %10d %10d | %10d %9.0f | %10.1f %10.1f %10.1f %7d %8d | %9.1f | %9.1f %9.1f %9.1f",
                step.point(),
                step.held().open(),
                step.held().waiting(),
                step.held().silent(),
                records,
                recordsPerSecond(),
                checkpoint.bytes() / MEBI,
                checkpoint.newBytes() / MEBI,
                space.checkpointFileBytes() / MEBI,
                checkpoint.syncMillis(),
                checkpoint.asyncMillis(),
                savepointBytes / MEBI,
                space.heapBytes() / MEBI,
                space.residentBytes() / MEBI,
                space.tableBytes() / MEBI);
    }

    /** For machines: {@code key=value}, separated by spaces. */
    String line() {
        return String.format(
                Locale.ROOT,
                "point=%s open=%d waiting=%d silent=%d records=%d records_per_second=%.0f checkpoint_bytes=%d"
                        + " checkpoint_new_bytes=%d checkpoint_file_bytes=%d checkpoint_sync_ms=%d checkpoint_async_ms=%d checkpoint_total_ms=%d"
                        + " savepoint_bytes=%d heap_bytes=%d resident_bytes=%d sst_bytes=%d",
                step.point().replace(' ', '-'),
                step.held().open(),
                step.held().waiting(),
                step.held().silent(),
                records,
                recordsPerSecond(),
                checkpoint.bytes(),
                checkpoint.newBytes(),
                space.checkpointFileBytes(),
                checkpoint.syncMillis(),
                checkpoint.asyncMillis(),
                checkpoint.totalMillis(),
                savepointBytes,
                space.heapBytes(),
                space.residentBytes(),
                space.tableBytes());
    }

    private double recordsPerSecond() {
        return records == 0 ? 0 : records / seconds;
    }
}
