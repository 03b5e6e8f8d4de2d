package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The job on one machine: {@code scripts/run-local.sh}. */
@Command(
        name = "run-local.sh",
        description = "Runs the job on this machine, over the sample logs of the repository or over your own.",
        footer = "Exit codes: 0 done; 1 the job failed; 2 a bad option, configuration or rules file.",
        sortOptions = false)
public final class LocalRun implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(LocalRun.class);

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int INVALID = 2;

    /** The project's folder; the one the command is called in unless the script says. */
    private static final String HOME = "flow-sentinel.home";

    private static final String TERMINAL = "flow-sentinel.terminal";

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
                .setParameterExceptionHandler((refused, unused) -> {
                    console.error(reason(refused));
                    return INVALID;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() {
        LocalPlan plan;
        try {
            Path home = Path.of(System.getProperty(HOME, ""));
            Configuration settings = LocalSettings.of(arguments, output, home);
            JobConfig.unknownToFlink(settings)
                    .forEach(key -> console.error("Warning: " + key + " is no key of Flink's: it has no effect"));
            plan = LocalPlan.of(settings, overwrite);
        } catch (InvalidConfig e) {
            console.error(oneLine(e.getMessage()));
            return INVALID;
        } catch (Exception e) {
            return failed(e);
        }
        try {
            new LocalSession(plan, console, quiet).run();
            return DONE;
        } catch (Exception e) {
            return failed(e);
        }
    }

    private int failed(Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        // On standard error the reason is enough; the log file of the script has the whole of it.
        LOG.info("The job failed", failure);
        console.error("The job failed: " + Failure.reason(failure));
        return FAILED;
    }

    /** What picocli has against an option, with what is allowed where it does not say. */
    private static String reason(ParameterException refused) {
        String message = oneLine(refused.getMessage());
        if (refused instanceof UnmatchedArgumentException) {
            return message + "; expected "
                    + refused.getCommandLine().getCommandSpec().options().stream()
                            .map(option -> option.longestName())
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        return message;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
