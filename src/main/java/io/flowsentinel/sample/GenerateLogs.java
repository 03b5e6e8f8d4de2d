package io.flowsentinel.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that writes sample logs. */
@Command(
        name = "generate-logs",
        description = "Writes the flow logs of a make-believe VPC, the same for the same options.",
        mixinStandardHelpOptions = true)
public final class GenerateLogs implements Callable<Integer> {

    private static final String AWS_LOGS = "AWSLogs";

    @Spec
    private CommandSpec spec;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "Folder that gets AWSLogs/...")
    private Path output;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of all randomness.")
    private long seed = Settings.REPOSITORY_SAMPLE.seed();

    @Option(names = "--hours", paramLabel = "H", description = "How much time to cover; twelfths of an hour.")
    private double hours = Settings.REPOSITORY_SAMPLE.duration().toHours();

    @Option(names = "--scale", paramLabel = "X", description = "Factor on the users' and the internet's traffic.")
    private double scale = Settings.REPOSITORY_SAMPLE.scale();

    @Option(names = "--records", paramLabel = "N", description = "About how many records, in place of --scale.")
    private Long records;

    @Option(names = "--start", paramLabel = "ISO", description = "First instant, a multiple of five minutes.")
    private Instant start = Settings.REPOSITORY_SAMPLE.start();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new GenerateLogs()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (Files.exists(output.resolve(AWS_LOGS))) {
            throw refused("--output: '" + output + "' holds " + AWS_LOGS + " already; name an empty folder");
        }
        SampleLogs.Written written = SampleLogs.write(output, settings());
        System.out.println(written.records() + " records in " + written.objects() + " objects below " + output);
        return 0;
    }

    private Settings settings() {
        try {
            Duration duration = Duration.ofMinutes(Math.round(hours * 60));
            Settings settings = new Settings(seed, start, duration, scale);
            return records == null ? settings : settings.withRecords(records);
        } catch (IllegalArgumentException e) {
            throw refused(e.getMessage());
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
