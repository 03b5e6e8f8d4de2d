package io.flowsentinel.local;

import io.flowsentinel.FlowLogJob;
import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobConfig.SinkConfig;
import io.flowsentinel.config.JobOptions;
import io.flowsentinel.detect.settings.InvalidRules;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A run that was checked as far as it can be before anything is started.
 *
 * @param settings of the job and of Flink
 * @param parallelism of the job
 * @param output set where a feed goes to files
 * @param embeddedKafka whether a feed goes to Kafka and no Kafka is named
 */
record LocalPlan(Configuration settings, int parallelism, Optional<OutputFolder> output, boolean embeddedKafka) {

    private static final String NOT_STARTED = "localhost:9092";

    /**
     * Checks the settings.
     *
     * @throws InvalidConfig for the first one that cannot be used
     */
    static LocalPlan of(Configuration settings, boolean overwrite) throws IOException, InterruptedException {
        try {
            FileSystem.initialize(settings, null);
            JobConfig config = JobConfig.from(withBrokers(settings, NOT_STARTED));
            int parallelism = config.parallelism().orElse(settings.get(CoreOptions.DEFAULT_PARALLELISM));
            LocalFlink.complete(settings, parallelism);
            LocalFlink.check(settings);
            buildOnTrial(settings);
            if (config.sinks().usesKafka()) {
                FlowLogJob.checkClient(config);
            }
            config.source()
                    .roots()
                    .forEach(root -> InputRoot.check(root, config.source().continuous()));
            settings.getOptional(StateRecoveryOptions.SAVEPOINT_PATH)
                    .ifPresent(savepoint -> SavepointInput.check(savepoint, config));
            Optional<OutputFolder> output = output(config.sinks());
            output.ifPresent(folder -> folder.check(overwrite));
            boolean embedded = config.sinks().usesKafka() && !settings.containsKey(LocalSettings.BROKERS);
            return new LocalPlan(settings, parallelism, output, embedded);
        } catch (InvalidRules | IllegalArgumentException | IllegalConfigurationException e) {
            throw new InvalidConfig(e.getMessage(), e);
        }
    }

    /** The configuration of the job, once the brokers are known. */
    JobConfig config(String brokers) {
        return JobConfig.from(withBrokers(settings, brokers));
    }

    /** Builds the job for its checks only: nothing is started, and Kafka is not asked for topics. */
    static void buildOnTrial(Configuration settings) throws IOException, InterruptedException {
        Configuration trial = new Configuration(settings);
        trial.set(JobOptions.ALERTS_SINK, "print");
        trial.set(JobOptions.CONNECTIONS_SINK, "none");
        FlowLogJob.build(StreamExecutionEnvironment.getExecutionEnvironment(trial), JobConfig.from(trial), "trial");
    }

    private static Optional<OutputFolder> output(SinkConfig sinks) {
        boolean files = sinks.alerts().equals("files") || sinks.connections().equals("files");
        return files ? sinks.outputDir().map(OutputFolder::new) : Optional.empty();
    }

    private static Configuration withBrokers(Configuration settings, String brokers) {
        Configuration complete = new Configuration(settings);
        if (!complete.containsKey(LocalSettings.BROKERS)) {
            complete.setString(LocalSettings.BROKERS, brokers);
        }
        return complete;
    }
}
