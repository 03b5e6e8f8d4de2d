package io.flowsentinel.local;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.FileSystem;

/**
 * Turns the command line of a replay into the configuration of its job and of Flink. A configuration file may be the live
 * job's: what makes a job the live one, its transactions and topics among it, is then as job-config/replay.yaml says.
 */
final class ReplaySettings {

    /** Relative to the project. */
    private static final Path USUAL_CONFIG = Path.of("job-config", "replay.yaml");

    private static final String REPLAY = "replay";

    private static final List<ConfigOption<String>> TOPICS = List.of(
            JobOptions.ALERTS_TOPIC,
            JobOptions.CONNECTIONS_TOPIC,
            JobOptions.QUARANTINE_TOPIC,
            JobOptions.LATE_TOPIC,
            JobOptions.SUPPRESSED_TOPIC);

    private ReplaySettings() {}

    /**
     * All settings, unchecked but for the options of this command.
     *
     * @param output the folder of the feeds; null where they go to Kafka
     * @param home the project's folder
     * @throws InvalidConfig for an option or a file that cannot be used
     */
    static Configuration of(JobArguments arguments, ReplayOptions options, Path output, Path home) {
        Path usual = home.resolve(USUAL_CONFIG);
        Configuration replay = JobConfig.load(usual);
        Configuration settings = arguments.configuration(
                LocalSettings.defaults(output != null, usual), file -> isReplay(file) ? file : over(file, replay));
        settings.set(JobOptions.RUN_MODE, REPLAY);
        mode(settings, arguments, options);
        identify(settings, arguments);
        if (options.intoLiveTopics()) {
            intoLiveTopics(settings, arguments);
        }
        LocalSettings.complete(settings, arguments, output);
        range(settings, options);
        options.savepoint().ifPresent(savepoint -> restore(settings, savepoint));
        if (usesKafka(settings) && !settings.containsKey(LocalSettings.BROKERS)) {
            throw new InvalidConfig("--output: not set; expected --output DIR or --brokers HOST:PORT, for the feeds");
        }
        return settings;
    }

    private static boolean isReplay(Configuration file) {
        return REPLAY.equals(file.get(JobOptions.RUN_MODE));
    }

    private static Configuration over(Configuration file, Configuration replay) {
        Configuration both = new Configuration(file);
        both.addAll(replay);
        return both;
    }

    /** A replay has an end, and one that a live job goes on from waits there. */
    private static void mode(Configuration settings, JobArguments arguments, ReplayOptions options) {
        arguments.set(JobOptions.SOURCE_MODE).ifPresent(mode -> {
            throw InvalidConfig.of(JobOptions.SOURCE_MODE.key(), mode, "nothing here: a replay has an end, see --to");
        });
        settings.set(JobOptions.SOURCE_MODE, options.takeSavepoint().isPresent() ? "continuous" : "bounded");
    }

    /** Several replays may run at a time, or one after the other from a savepoint: none touches what another writes. */
    private static void identify(Configuration settings, JobArguments arguments) {
        String id = arguments
                .set(JobOptions.REPLAY_ID)
                .orElseGet(() -> UUID.randomUUID().toString().substring(0, 8));
        settings.set(JobOptions.REPLAY_ID, id);
        if (arguments.set(JobOptions.TRANSACTION_PREFIX).isEmpty()) {
            settings.set(JobOptions.TRANSACTION_PREFIX, settings.get(JobOptions.TRANSACTION_PREFIX) + "-" + id);
        }
    }

    /** Those that the live job's file names, or else the usual ones. */
    private static void intoLiveTopics(Configuration settings, JobArguments arguments) {
        Configuration said = arguments.configuration(new Configuration());
        for (ConfigOption<String> option : TOPICS) {
            String ofLiveJob = isReplay(said) ? option.defaultValue() : said.get(option);
            settings.set(option, arguments.set(option).orElse(ofLiveJob));
        }
        settings.set(JobOptions.INTO_LIVE_TOPICS, true);
    }

    private static void range(Configuration settings, ReplayOptions options) {
        if (!settings.contains(JobOptions.SOURCE_TO)) {
            throw new InvalidConfig("--to: not set; expected the end of the range, ISO-8601, such as 2026-01-16");
        }
        if (!settings.contains(JobOptions.SOURCE_FROM) && options.savepoint().isEmpty()) {
            throw new InvalidConfig(
                    "--from: not set; expected the beginning of the range, ISO-8601, or a --savepoint to begin with");
        }
    }

    /** The state of the live job's sinks stays where it is: only the live job may finish its transactions. */
    private static void restore(Configuration settings, String savepoint) {
        FileSystem.initialize(settings, null);
        settings.set(StateRecoveryOptions.SAVEPOINT_PATH, SavepointPlace.existing("--savepoint", savepoint));
        settings.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
    }

    private static boolean usesKafka(Configuration settings) {
        return settings.get(JobOptions.ALERTS_SINK).equals("kafka")
                || settings.get(JobOptions.CONNECTIONS_SINK).equals("kafka");
    }
}
