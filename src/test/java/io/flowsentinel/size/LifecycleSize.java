package io.flowsentinel.size;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.util.FileUtils;

/**
 * How many bytes does the lifecycle stage take for an open connection, a waiting record and a silent key, in heap, in
 * RocksDB and in a checkpoint, and how fast is it with so many?
 *
 * <pre>
 * mvn -B test-compile surefire:test -Dtest=AnySizeIT \
 *     -Dsize="--connections=1000000 --backend=hashmap" -Dtest.heap=8g
 * </pre>
 *
 * {@link SizeOptions} lists what {@code -Dsize} takes. All of Flink is in the one JVM, so {@code test.heap} is the whole
 * heap; RocksDB's memory, {@code --managed-memory}, comes on top of it. Files go below {@code java.io.tmpdir} unless
 * {@code --dir} says otherwise.
 *
 * <p>A checkpoint of RocksDB, and its SST files, also hold what was overwritten and is not compacted yet, at times as much
 * as what is live; a savepoint is what is live. Few connections show more of that than many.
 *
 * <p>Lines that begin with {@code size } are for machines, the table in the end is for people. The records are made
 * where they are read, on the same cores, so records/s include that.
 */
final class LifecycleSize {

    private final SizeOptions options;
    private final PrintStream out;

    private LifecycleSize(SizeOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        measure(SizeOptions.parse(arguments), System.out);
    }

    /** One run for each backend. */
    static List<Measured> measure(SizeOptions options, PrintStream out) throws Exception {
        List<Measured> runs = new ArrayList<>();
        for (String backend : options.backends) {
            runs.add(new LifecycleSize(options, out).measure(backend));
        }
        runs.forEach(one -> out.println(one.table()));
        return runs;
    }

    private Measured measure(String backend) throws Exception {
        Path dir = options.dir == null
                ? Files.createTempDirectory("lifecycle-size")
                : Files.createDirectories(options.dir.resolve(backend));
        try {
            Measured measured = measure(backend, dir);
            out.printf("size backend=%s %s%n", backend, measured.line());
            return measured;
        } finally {
            delete(dir);
        }
    }

    private void delete(Path dir) throws IOException {
        if (options.dir == null) {
            FileUtils.deleteDirectory(dir.toFile());
        }
    }

    private Measured measure(String backend, Path dir) throws Exception {
        List<Step> steps = Script.of(options);
        List<Point> points = new ArrayList<>();
        try (TrackingJob job = TrackingJob.start(options, backend, steps, dir)) {
            long checkpoints = 0;
            for (int i = 0; i < steps.size(); i++) {
                Point point = point(job, i, steps.get(i), dir);
                points.add(point);
                for (CheckpointSize one : job.checkpointsAfter(checkpoints)) {
                    print(backend, steps.get(i), one);
                    checkpoints = one.id();
                }
                out.printf("size backend=%s %s%n", backend, point.line());
            }
        }
        return new Measured(options, backend, List.copyOf(points));
    }

    private Point point(TrackingJob job, int number, Step step, Path dir) throws Exception {
        long before = job.records();
        long began = System.currentTimeMillis();
        job.take(number);
        CheckpointSize checkpoint = job.checkpoint();
        if (job.closes() != step.held().closed()) {
            throw new IllegalStateException("at point '%s' %d connections were closed, not %d"
                    .formatted(step.point(), job.closes(), step.held().closed()));
        }
        double seconds = (checkpoint.reachedAt() - began) / 1000.0;
        long savepoint = options.noSavepoints ? 0 : job.savepointBytes();
        Space space = Space.now(TrackingJob.rocksDb(dir), checkpoint.folder());
        return new Point(step, job.records() - before, seconds, checkpoint, savepoint, space);
    }

    private void print(String backend, Step step, CheckpointSize one) {
        out.printf(
                "size backend=%s checkpoint=%d until=%s bytes=%d new_bytes=%d sync_ms=%d async_ms=%d total_ms=%d%n",
                backend,
                one.id(),
                step.point().replace(' ', '-'),
                one.bytes(),
                one.newBytes(),
                one.syncMillis(),
                one.asyncMillis(),
                one.totalMillis());
    }
}
