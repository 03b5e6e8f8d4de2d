package io.flowsentinel.bench;

import io.flowsentinel.BenchJob;
import io.flowsentinel.bench.Measured.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One measurement, in a JVM of its own: of two runs over the same logs the second, for in the first the compilers take much
 * of the time. The last line printed is the result as JSON.
 */
final class BenchRun {

    /** What is measured. */
    enum Mode {
        PARSE("read and parse"),
        PAIR("read, parse, pair"),
        WHOLE("whole job, all rules"),
        DUCKDB("DuckDB, the same pairing"),
        TUNED("DuckDB, told all types");

        private final String title;

        Mode(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        String option() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private BenchRun() {}

    /** Arguments: mode, logs, folder for what is written, threads. */
    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        Path logs = Path.of(arguments[1]);
        Path scratch = Path.of(arguments[2]);
        int threads = Integer.parseInt(arguments[3]);
        run(mode, logs, Files.createDirectories(scratch.resolve("warm-up")), threads);
        System.gc(); // what the first run has left behind is not the second's
        Path measured = Files.createDirectories(scratch.resolve("measured"));
        System.out.println(Measured.of(() -> run(mode, logs, measured, threads)).toJson());
        // Flink's threads that linger must not hold up the next measurement.
        System.exit(0);
    }

    private static Counts run(Mode mode, Path logs, Path scratch, int threads) throws Exception {
        BenchJob job = new BenchJob(logs, scratch, threads);
        return switch (mode) {
            case PARSE -> job.parse();
            case PAIR -> job.pair();
            case WHOLE -> job.whole();
            case DUCKDB -> DuckDbPairing.run(logs, threads, false);
            case TUNED -> DuckDbPairing.run(logs, threads, true);
        };
    }
}
