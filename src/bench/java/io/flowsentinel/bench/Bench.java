package io.flowsentinel.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.bench.BenchRun.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures the job against a batch query that does the same pairing over the same objects. All measurements of a round
 * follow each other, each in a JVM of its own; the ratio of a round is taken within it, since machines are noisy, and the
 * median of the rounds is told.
 */
@Command(
        name = "bench.sh",
        description = "Measures records a second of reading, pairing and the whole job, and their ratio to DuckDB.",
        footer = "Exit codes: 0 done; 1 a run failed or the two disagree on what they found; 2 a bad option.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class Bench implements Callable<Integer> {

    /** The fewest, of five minutes each. */
    private static final int SLOTS = 24;

    /** More records are more hours, not busier ones: as many connections are open at a time. */
    private static final long RECORDS_OF_SLOT = 500_000;

    /** All that DuckDB's measurements hold is outside of the heap. */
    private static final List<String> SMALL_HEAP = List.of("-Xms256m", "-Xmx1g");

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @Option(names = "--records", paramLabel = "N", description = "About how many records; default ${DEFAULT-VALUE}.")
    private long records = 12_000_000;

    @Option(
            names = "--mix",
            paramLabel = "MIX",
            description = "usual: hosts use what they always use; scattered: nearly every pair is new; hot: every other"
                    + " TCP connection goes to one service; default usual.")
    private BenchLogs.Mix mix = BenchLogs.Mix.USUAL;

    @Option(names = "--threads", paramLabel = "N", description = "Slots of Flink and threads of DuckDB; default 2.")
    private int threads = 2;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each is measured; default 1.")
    private int rounds = 1;

    @Option(
            names = "--only",
            paramLabel = "MODE",
            split = ",",
            description = "parse, pair, whole, duckdb, tuned: some of them; default all.")
    private List<String> only = List.of();

    @Option(names = "--data", paramLabel = "DIR", description = "Folder for the logs, kept; default target/bench.")
    private Path data = Path.of("target/bench");

    @Option(names = "--json", paramLabel = "FILE", description = "Where the figures go as JSON.")
    private Path json;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Mode> modes = modes();
        if (records < 1_000 || threads < 1 || rounds < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--records: at least 1000; --threads and --rounds: at least 1");
        }
        Path logs = data.resolve(mix.name().toLowerCase(Locale.ROOT) + "-" + records);
        System.out.println("Writing about " + records + " records below " + logs);
        BenchLogs.write(logs, mix, records, (int) Math.max(SLOTS, records / RECORDS_OF_SLOT));
        List<Map<Mode, Measured>> measured = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            measured.add(round(modes, logs));
        }
        boolean agree = measured.stream().allMatch(this::agree);
        report(modes, measured);
        if (json != null) {
            Files.writeString(json, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(figures(modes, measured)));
        }
        return agree ? 0 : 1;
    }

    private List<Mode> modes() {
        List<Mode> modes = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            if (only.isEmpty() || only.contains(mode.option())) {
                modes.add(mode);
            }
        }
        for (String name : only) {
            if (Stream.of(Mode.values()).noneMatch(mode -> mode.option().equals(name))) {
                throw new ParameterException(
                        spec.commandLine(), "--only: '" + name + "' is none of parse, pair, whole, duckdb, tuned");
            }
        }
        return modes;
    }

    private Map<Mode, Measured> round(List<Mode> modes, Path logs) throws Exception {
        Map<Mode, Measured> round = new EnumMap<>(Mode.class);
        for (Mode mode : modes) {
            Path scratch = Files.createTempDirectory("bench-");
            try {
                round.put(mode, run(mode, logs, scratch));
            } finally {
                delete(scratch);
            }
        }
        return round;
    }

    private Measured run(Mode mode, Path logs, Path scratch) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of(System.getProperty("bench.jvm").trim().split("\\s+")));
        if (mode == Mode.DUCKDB || mode == Mode.TUNED) {
            command.addAll(SMALL_HEAP); // of two options the last one holds
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchRun.class.getName()));
        command.addAll(List.of(mode.option(), logs.toString(), scratch.toString(), String.valueOf(threads)));
        Path output = scratch.resolve("output");
        Path errors = scratch.resolve("errors");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        int exitCode = process.waitFor();
        List<String> lines = Files.readAllLines(output);
        if (exitCode != 0 || lines.isEmpty()) {
            throw new IllegalStateException(
                    "Measuring " + mode.option() + " ended with " + exitCode + ": " + Files.readString(errors));
        }
        return Measured.fromJson(lines.get(lines.size() - 1));
    }

    /** Whoever counts connections or bytes has to count the same. */
    private boolean agree(Map<Mode, Measured> round) {
        boolean connections = round.values().stream()
                        .mapToLong(Measured::connections)
                        .filter(count -> count > 0)
                        .distinct()
                        .count()
                <= 1;
        boolean bytes = round.values().stream()
                        .mapToLong(Measured::bytes)
                        .filter(count -> count > 0)
                        .distinct()
                        .count()
                <= 1;
        if (!connections || !bytes) {
            System.err.println("They disagree on what they found: " + round);
        }
        return connections && bytes;
    }

    private void report(List<Mode> modes, List<Map<Mode, Measured>> rounds) {
        System.out.printf(
                Locale.ROOT,
                "%n%-26s %12s %8s %10s %9s %12s %10s%n",
                "",
                "records/s",
                "seconds",
                "CPU s",
                "MiB",
                "connections",
                "to DuckDB");
        for (Mode mode : modes) {
            Measured typical = typical(mode, rounds);
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %,12.0f %8.1f %10.1f %9d %,12d %10s%n",
                    mode.title(),
                    typical.records() / typical.seconds(),
                    typical.seconds(),
                    typical.cpuSeconds(),
                    typical.memoryMiB(),
                    typical.connections(),
                    ratio(mode, rounds) < 0 ? "" : String.format(Locale.ROOT, "%.2f", ratio(mode, rounds)));
        }
    }

    /** The run of median length. */
    private static Measured typical(Mode mode, List<Map<Mode, Measured>> rounds) {
        List<Measured> all = rounds.stream()
                .map(round -> round.get(mode))
                .sorted(Comparator.comparingDouble(Measured::seconds))
                .toList();
        return all.get((all.size() - 1) / 2);
    }

    /** How many records a second to one of DuckDB's, the median of the rounds; -1 where that was not measured. */
    private static double ratio(Mode mode, List<Map<Mode, Measured>> rounds) {
        double[] ratios = rounds.stream()
                .filter(round -> round.containsKey(Mode.DUCKDB))
                .mapToDouble(round ->
                        round.get(Mode.DUCKDB).seconds() / round.get(mode).seconds())
                .sorted()
                .toArray();
        return ratios.length == 0 ? -1 : ratios[(ratios.length - 1) / 2];
    }

    private ObjectNode figures(List<Mode> modes, List<Map<Mode, Measured>> rounds) {
        ObjectNode figures = JSON.createObjectNode();
        figures.put("records", typical(modes.get(0), rounds).records());
        figures.put("threads", threads);
        figures.put("java", System.getProperty("java.version"));
        figures.put("processors", Runtime.getRuntime().availableProcessors());
        for (Mode mode : modes) {
            Measured typical = typical(mode, rounds);
            ObjectNode of = figures.putObject(mode.option());
            of.put("records_per_second", typical.records() / typical.seconds());
            of.put("seconds", typical.seconds());
            of.put("cpu_seconds", typical.cpuSeconds());
            of.put("memory_mib", typical.memoryMiB());
            of.put("connections", typical.connections());
            if (ratio(mode, rounds) >= 0) {
                of.put("ratio_to_duckdb", ratio(mode, rounds));
            }
        }
        return figures;
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
