package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobOptions;
import io.flowsentinel.detect.settings.InvalidRules;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether the job would take its settings and rules: what {@code scripts/submit.sh --dry-run} asks. Starts nothing. */
@Command(name = "submit.sh", sortOptions = false)
public final class CheckSettings implements Callable<Integer> {

    @Mixin
    private JobArguments arguments;

    @Option(names = "--files-elsewhere", description = "the job runs where other files are: those not here go unread")
    private boolean filesElsewhere;

    private final Console console;

    private CheckSettings(Console console) {
        this.console = console;
    }

    public static void main(String[] arguments) {
        System.exit(execute(System.out, System.err, arguments));
    }

    static int execute(PrintStream out, PrintStream err, String... arguments) {
        Console console = new Console(out, err, false);
        return new CommandLine(new CheckSettings(console))
                .setParameterExceptionHandler((refused, unused) -> Exit.refused(console, refused))
                .execute(arguments);
    }

    @Override
    public Integer call() {
        return Exit.of(console, this::settings, settings -> {});
    }

    private Configuration settings() throws Exception {
        Configuration settings = arguments.configuration(new Configuration());
        if (filesElsewhere) {
            leaveOutWhatIsElsewhere(settings);
        }
        try {
            FileSystem.initialize(settings, null);
            JobConfig.from(settings);
            LocalPlan.buildOnTrial(settings);
        } catch (InvalidRules | IllegalArgumentException e) {
            throw new InvalidConfig(e.getMessage(), e);
        }
        JobConfig.unknownToFlink(settings)
                .forEach(key -> console.error("Warning: " + key + " is no key of Flink's: it has no effect"));
        return settings;
    }

    private void leaveOutWhatIsElsewhere(Configuration settings) {
        String rules = settings.get(JobOptions.RULES_FILE);
        if (rules != null && isElsewhere(JobOptions.RULES_FILE.key(), rules)) {
            settings.removeConfig(JobOptions.RULES_FILE);
        }
        List<String> lists = settings.getOptional(JobOptions.LISTS_FILES).orElse(List.of());
        settings.set(
                JobOptions.LISTS_FILES,
                lists.stream()
                        .filter(list -> !isElsewhere(JobOptions.LISTS_FILES.key(), list))
                        .toList());
    }

    private boolean isElsewhere(String key, String file) {
        boolean here = Files.isReadable(Path.of(file));
        if (!here) {
            console.error("Not checked: " + key + ": '" + file + "' is not on this machine");
        }
        return !here;
    }
}
