package io.flowsentinel.size;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * All points of one run.
 *
 * @param backend that kept the state
 */
record Measured(SizeOptions options, String backend, List<Point> points) {

    /** What a point's bytes are spread over. */
    private enum Per {
        OPEN_CONNECTION(Script.EMPTY, Script.OPEN),
        WAITING_RECORD(Script.OPEN, Script.WAITING),
        SILENT_KEY(Script.FOLDED, Script.SILENT);

        private final String before;
        private final String after;

        Per(String before, String after) {
            this.before = before;
            this.after = after;
        }

        long count(Step.Held held) {
            return switch (this) {
                case OPEN_CONNECTION -> held.open();
                case WAITING_RECORD -> held.waiting();
                case SILENT_KEY -> held.silent();
            };
        }

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    Point at(String name) {
        return points.stream()
                .filter(one -> one.step().point().equals(name))
                .findFirst()
                .orElseThrow();
    }

    double heapPerOpenConnection() {
        return each(Per.OPEN_CONNECTION, Measured::heap);
    }

    double checkpointPerOpenConnection() {
        return each(Per.OPEN_CONNECTION, Measured::checkpoint);
    }

    double savepointPerOpenConnection() {
        return each(Per.OPEN_CONNECTION, Point::savepointBytes);
    }

    double checkpointPerWaitingRecord() {
        return each(Per.WAITING_RECORD, Measured::checkpoint);
    }

    double checkpointPerSilentKey() {
        return each(Per.SILENT_KEY, Measured::checkpoint);
    }

    /** For people. */
    String table() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%s: %,d connections of %,d interfaces, parallelism %d%s; sizes in MiB%n%s%n",
                backend,
                options.connections,
                options.interfaces,
                options.parallelism,
                options.compression ? ", full checkpoints compressed" : "",
                Point.HEADER));
        points.forEach(one -> table.append(one.row()).append('\n'));
        for (Per per : Per.values()) {
            if (has(per)) {
                table.append(String.format(
                        Locale.ROOT,
                        "bytes per %-16s heap %6.1f, checkpoint %6.1f, savepoint %6.1f, SST %6.1f%n",
                        per.words() + ":",
                        each(per, Measured::heap),
                        each(per, Measured::checkpoint),
                        each(per, Point::savepointBytes),
                        each(per, Measured::tables)));
            }
        }
        if (points.stream().anyMatch(one -> one.space().tableBytes() > 0)) {
            table.append("Checkpoint and SST also hold what was overwritten and is not compacted yet.\n");
        }
        return table.toString();
    }

    /** For machines: {@code key=value}, separated by spaces. */
    String line() {
        StringBuilder line = new StringBuilder("connections=" + options.connections);
        for (Per per : Per.values()) {
            if (has(per)) {
                String key = per.name().toLowerCase(Locale.ROOT);
                line.append(String.format(
                        Locale.ROOT,
                        " heap_bytes_per_%s=%.1f checkpoint_bytes_per_%s=%.1f savepoint_bytes_per_%s=%.1f"
                                + " sst_bytes_per_%s=%.1f",
                        key,
                        each(per, Measured::heap),
                        key,
                        each(per, Measured::checkpoint),
                        key,
                        each(per, Point::savepointBytes),
                        key,
                        each(per, Measured::tables)));
            }
        }
        return line.toString();
    }

    private boolean has(Per per) {
        return points.stream().anyMatch(one -> one.step().point().equals(per.after));
    }

    private double each(Per per, ToLongFunction<Point> bytes) {
        Point before = at(per.before);
        Point after = at(per.after);
        double more = bytes.applyAsLong(after) - bytes.applyAsLong(before);
        return more / per.count(after.step().held());
    }

    private static long heap(Point point) {
        return point.space().heapBytes();
    }

    private static long checkpoint(Point point) {
        return point.checkpoint().bytes();
    }

    private static long tables(Point point) {
        return point.space().tableBytes();
    }
}
