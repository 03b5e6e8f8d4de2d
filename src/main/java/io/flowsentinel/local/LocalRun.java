package io.flowsentinel.local;

import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The job on one machine: {@code scripts/run-local.sh}. */
@Command(
        name = "run-local.sh",
        description = "Runs the job on this machine, over the sample logs of the repository or over your own.",
        footer = "Exit codes: 0 done; 1 the job failed; 2 a bad option, configuration or rules file.",
        sortOptions = false)
public final class LocalRun implements Callable<Integer> {

    /** The project's folder; the one the command is called in unless the script says. */
    static final String HOME = "flow-sentinel.home";

    static final String TERMINAL = "flow-sentinel.terminal";

    @Mixin
    private JobArguments arguments;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "no Kafka: write the feeds as JSON lines below this folder, and report.json")
    private Path output;

    @Option(names = "--overwrite", description = "delete the feeds of a former run in the output folder first")
    private boolean overwrite;

    @Option(names = "--quiet", description = "no progress, no summary, and with --output no alerts")
    private boolean quiet;

    @SuppressWarnings("UnusedVariable") // picocli looks at the option, not at the field
    @Option(names = "--help", usageHelp = true, description = "this text")
    private boolean help;

    private final Console console;

    private LocalRun(Console console) {
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
        Console console = new Console(out, err, Boolean.getBoolean(TERMINAL));
        return new CommandLine(new LocalRun(console))
                .setOut(new java.io.PrintWriter(out, true, java.nio.charset.StandardCharsets.UTF_8))
                .setParameterExceptionHandler((refused, unused) -> Exit.refused(console, refused))
                .execute(arguments);
    }

    @Override
    public Integer call() {
        return Exit.of(console, this::plan, plan -> new LocalSession(plan, console, Manner.usual(quiet)).run());
    }

    private LocalPlan plan() throws Exception {
        Path home = Path.of(System.getProperty(HOME, ""));
        Configuration settings = LocalSettings.of(arguments, output, home);
        JobConfig.unknownToFlink(settings)
                .forEach(key -> console.error("Warning: " + key + " is no key of Flink's: it has no effect"));
        return LocalPlan.of(settings, overwrite);
    }
}
