package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobOptions;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** History once more, on one machine: {@code scripts/replay.sh}. */
@Command(
        name = "replay.sh",
        description = "Replays history: a range from --from to --to, or what came after a savepoint up to --to.",
        footer = "Exit codes: 0 done; 1 the job failed; 2 a bad option, configuration or rules file.",
        sortOptions = false)
public final class ReplayRun implements Callable<Integer> {

    /** Of what all commands share, the one that makes no sense where there is an end. */
    private static final String CONTINUOUS = "--continuous";

    @Mixin
    private JobArguments arguments;

    @Mixin
    private ReplayOptions options;

    @SuppressWarnings("UnusedVariable") // picocli looks at the option, not at the field
    @Option(names = "--help", usageHelp = true, description = "this text")
    private boolean help;

    private final Console console;

    private ReplayRun(Console console) {
        this.console = console;
    }

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** Runs the command and returns its exit code. May be called several times in one JVM. */
    public static int execute(String... arguments) {
        return execute(System.out, System.err, arguments);
    }

    static int execute(PrintStream out, PrintStream err, String... arguments) {
        Console console = new Console(out, err, Boolean.getBoolean(LocalRun.TERMINAL));
        CommandLine command = new CommandLine(new ReplayRun(console));
        command.getCommandSpec().remove(command.getCommandSpec().findOption(CONTINUOUS));
        return command.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((refused, unused) -> Exit.refused(console, refused))
                .execute(arguments);
    }

    @Override
    public Integer call() {
        return options.whatIf().isPresent() ? whatIf() : Exit.of(console, this::replay, replay -> replay.run(console));
    }

    private Replay replay() throws Exception {
        if (options.json().isPresent() && options.compareWith().isEmpty()) {
            throw beside("--json", options.json().get(), "--compare-with or --what-if");
        }
        if (options.takeSavepoint().isPresent() && options.compareWith().isPresent()) {
            throw new InvalidConfig(
                    "--compare-with: not allowed beside --take-savepoint, whose findings stay open; expected one of them");
        }
        return Replay.of(settings(options.output()), options);
    }

    /** Without an output folder only the differences are wanted. */
    private int whatIf() {
        if (options.output() != null) {
            return Exit.of(console, () -> whatIf(options.output(), true), what -> what.run(console));
        }
        try (ScratchFolder scratch = ScratchFolder.create()) {
            return Exit.of(console, () -> whatIf(scratch.path(), false), what -> what.run(console));
        } catch (java.io.IOException e) {
            return Exit.of(console, () -> null, nothing -> {
                throw e;
            });
        }
    }

    private WhatIf whatIf(Path folder, boolean kept) throws Exception {
        for (Map.Entry<String, Boolean> other : Map.of(
                        "--brokers", arguments.hasBrokers(),
                        "--take-savepoint", options.takeSavepoint().isPresent(),
                        "--compare-with", options.compareWith().isPresent())
                .entrySet()) {
            if (other.getValue()) {
                throw new InvalidConfig(
                        other.getKey() + ": not allowed beside --what-if; expected --output DIR, or neither");
            }
        }
        Configuration settings = settings(folder);
        if (!kept) {
            settings.set(JobOptions.CONNECTIONS_SINK, "none");
        }
        return WhatIf.of(settings, options, folder);
    }

    private Configuration settings(Path output) {
        Path home = Path.of(System.getProperty(LocalRun.HOME, ""));
        Configuration settings = ReplaySettings.of(arguments, options, output, home);
        JobConfig.unknownToFlink(settings)
                .forEach(key -> console.error("Warning: " + key + " is no key of Flink's: it has no effect"));
        return settings;
    }

    private static InvalidConfig beside(String option, Object value, String needed) {
        return new InvalidConfig(option + ": '" + value + "' is not allowed alone; expected it beside " + needed);
    }
}
