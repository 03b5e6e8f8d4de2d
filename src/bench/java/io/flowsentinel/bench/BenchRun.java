package io.flowsentinel.bench;

import io.flowsentinel.BenchJob;
import io.flowsentinel.bench.Measured.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One measurement, in a JVM of its own: of three runs over the same logs the third. In the first the compilers take a quarter
 * of the processors' time and in the second still a twelfth, which a job that runs for hours pays once. The last line printed
 * is the result as JSON.
 */
final class BenchRun {

    private static final int WARM_UPS = 2;

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
        for (int warmUp = 1; warmUp <= WARM_UPS; warmUp++) {
            run(mode, logs, Files.createDirectories(scratch.resolve("warm-up-" + warmUp)), threads);
        }
        System.gc(); // what these have left behind is not the measured one's
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
