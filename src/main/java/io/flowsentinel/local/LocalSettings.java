package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;

/**
 * Turns the command line into the configuration of the job and of Flink: what the commands share, on top of what suits
 * one machine.
 */
final class LocalSettings {

    static final String BROKERS = "kafka.bootstrap.servers";

    /** Relative to the project: the settings of this command. */
    private static final Path USUAL_CONFIG = Path.of("job-config", "local.yaml");

    private static final Path SAMPLE = Path.of("src", "sample", "logs");
    private static final String BROKER = "[^\\s,/]+:\\d{1,5}";

    /** Alerts are seen once a checkpoint is complete, and a person watches. */
    private static final Duration WATCHED = Duration.ofSeconds(2);

    /** Every checkpoint begins new files. */
    private static final Duration FILES = Duration.ofSeconds(10);

    private LocalSettings() {}

    /**
     * All settings, unchecked but for the options of this command.
     *
     * @param output the folder of the feeds; null where they go to Kafka
     * @param home the project's folder, where the sample and the usual configuration are
     * @throws InvalidConfig for an option or a file that cannot be used
     */
    static Configuration of(JobArguments arguments, Path output, Path home) {
        Configuration settings = arguments.configuration(defaults(output != null, home.resolve(USUAL_CONFIG)));
        if (!settings.contains(JobOptions.SOURCE_URI)) {
            settings.set(JobOptions.SOURCE_URI, List.of(home.resolve(SAMPLE).toString()));
        }
        return complete(settings, arguments, output);
    }

    /**
     * Settings as this machine needs them: with the options of the commands that run here.
     *
     * @param output the folder of the feeds; null where they go to Kafka
     */
    static Configuration complete(Configuration settings, JobArguments arguments, Path output) {
        if (output != null) {
            toFiles(settings, arguments, output);
        }
        if (arguments.hasBrokers()) {
            checkBrokers(settings, output);
        }
        settings.getOptional(JobOptions.SOURCE_URI)
                .ifPresent(roots -> settings.set(
                        JobOptions.SOURCE_URI,
                        roots.stream().map(InputRoot::uri).toList()));
        if (!settings.contains(RestartStrategyOptions.RESTART_STRATEGY) && !continuous(settings)) {
            // A person waits: say what failed in place of trying for ever.
            settings.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        }
        return settings;
    }

    /**
     * What holds on one machine where nothing else is said.
     *
     * @param files whether the feeds go to files
     * @param usual the settings of the command, where that file exists
     */
    static Configuration defaults(boolean files, Path usual) {
        Configuration defaults = new Configuration();
        defaults.set(CoreOptions.DEFAULT_PARALLELISM, Runtime.getRuntime().availableProcessors());
        defaults.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        defaults.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, WATCHED);
        if (Files.exists(usual)) {
            defaults.addAll(JobConfig.load(usual));
        }
        if (files) {
            defaults.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, FILES);
        }
        return defaults;
    }

    /** {@code --output} wins over a file; what {@code --set} says was said as much, so it must not say otherwise. */
    private static void toFiles(Configuration settings, JobArguments arguments, Path output) {
        // A path swallows one of the slashes of a URI, and would make folders of its scheme.
        if (output.toString().matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
            throw new InvalidConfig("--output: '" + output + "' is not allowed; expected a folder of this machine");
        }
        settings.set(JobOptions.ALERTS_SINK, beside(arguments, JobOptions.ALERTS_SINK, "files"));
        settings.set(JobOptions.CONNECTIONS_SINK, beside(arguments, JobOptions.CONNECTIONS_SINK, "files", "none"));
        String folder = output.toAbsolutePath().normalize().toString();
        beside(arguments, JobOptions.OUTPUT_DIR, output.toString(), folder);
        settings.set(JobOptions.OUTPUT_DIR, folder);
    }

    /** What {@code --set} says of a key, or else the first of the values that go with {@code --output}. */
    private static String beside(JobArguments arguments, ConfigOption<String> option, String... allowed) {
        String value = arguments.set(option).orElse(allowed[0]);
        if (!List.of(allowed).contains(value)) {
            throw new InvalidConfig(option.key() + ": '" + value + "' is not allowed beside --output; expected "
                    + Arrays.stream(allowed).distinct().collect(Collectors.joining(" or ")));
        }
        return value;
    }

    private static void checkBrokers(Configuration settings, Path output) {
        String brokers = settings.toMap().get(BROKERS);
        if (!brokers.matches(BROKER + "(," + BROKER + ")*")) {
            throw new InvalidConfig("--brokers: '" + brokers + "' is not allowed; expected HOST:PORT[,HOST:PORT]");
        }
        if (output != null) {
            throw new InvalidConfig(
                    "--brokers: '" + brokers + "' is not allowed beside --output; expected one of them");
        }
    }

    private static boolean continuous(Configuration settings) {
        return "continuous".equals(settings.get(JobOptions.SOURCE_MODE));
    }
}
