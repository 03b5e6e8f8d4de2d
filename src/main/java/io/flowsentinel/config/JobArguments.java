package io.flowsentinel.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Option;

/**
 * The options all commands share. What is more specific wins: defaults, then the file, then {@code --set}, then the
 * named options.
 */
public final class JobArguments {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file of settings; see job-config/ and the README for the keys")
    private Path config;

    @Option(names = "--rules", paramLabel = "FILE", description = "rules file: modes, thresholds, allow-lists")
    private String rules;

    @Option(names = "--input", paramLabel = "URI", description = "bucket (s3://), folder or file of flow log objects")
    private String input;

    @Option(names = "--from", paramLabel = "TIME", description = "first moment to read, ISO-8601, UTC unless it says")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "first moment not to read")
    private String to;

    @Option(names = "--continuous", description = "go on as objects are published, until stopped")
    private boolean continuous;

    @Option(names = "--parallelism", paramLabel = "N", description = "parallelism of the job")
    private String parallelism;

    @Option(names = "--brokers", paramLabel = "HOST:PORT", description = "Kafka to write the feeds to")
    private String brokers;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any setting; may be given several times")
    private List<String> set = new ArrayList<>();

    /** Whether this option names where to read. */
    public boolean hasInput() {
        return input != null;
    }

    /** Whether a Kafka is named. */
    public boolean hasBrokers() {
        return brokers != null;
    }

    /** What {@code --set} says of a key: the last time it names it. */
    public Optional<String> set(ConfigOption<?> option) {
        Configuration named = new Configuration();
        set.forEach(setting -> put(named, setting));
        return Optional.ofNullable(named.toMap().get(option.key()));
    }

    /**
     * The settings, unchecked; see {@link JobConfig#from}.
     *
     * @param defaults what holds where nothing else is said
     * @throws InvalidConfig where the file cannot be read, or {@code --set} names no key and value
     */
    public Configuration configuration(Configuration defaults) {
        return configuration(defaults, file -> file);
    }

    /**
     * The same, where the command does not take the file as it is.
     *
     * @param adapted what it makes of the file's settings
     */
    public Configuration configuration(Configuration defaults, UnaryOperator<Configuration> adapted) {
        Configuration settings = new Configuration(defaults);
        if (config != null) {
            settings.addAll(adapted.apply(JobConfig.load(config)));
        }
        set.forEach(setting -> put(settings, setting));
        put(settings, JobOptions.SOURCE_URI, input);
        put(settings, JobOptions.SOURCE_FROM, from);
        put(settings, JobOptions.SOURCE_TO, to);
        put(settings, JobOptions.SOURCE_MODE, continuous ? "continuous" : null);
        put(settings, JobOptions.RULES_FILE, rules);
        put(settings, JobOptions.PARALLELISM, parallelism);
        if (brokers != null) {
            settings.setString("kafka.bootstrap.servers", brokers);
        }
        return settings;
    }

    private static void put(Configuration settings, String setting) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
            throw InvalidConfig.of("--set", setting, "KEY=VALUE");
        }
        settings.setString(setting.substring(0, equals).strip(), setting.substring(equals + 1));
    }

    private static void put(Configuration settings, ConfigOption<?> option, String value) {
        if (value != null) {
            settings.setString(option.key(), value);
        }
    }
}
