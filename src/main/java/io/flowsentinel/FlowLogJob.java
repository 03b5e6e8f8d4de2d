package io.flowsentinel;

import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobArguments;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.detect.RuleCoverage;
import io.flowsentinel.detect.settings.InvalidRules;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.detect.settings.RulesFiles;
import io.flowsentinel.sink.KafkaClientSettings;
import io.flowsentinel.sink.KafkaSettings;
import io.flowsentinel.sink.KafkaTopics;
import io.flowsentinel.source.FlowLogSource;
import io.flowsentinel.source.OtherInput;
import io.flowsentinel.source.RangeIsOver;
import io.flowsentinel.source.SavedInput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import picocli.CommandLine;

/** From options to a running job: what {@code flink run} starts. */
public final class FlowLogJob {

    private static final int EXIT_FAILED = 1;
    private static final int EXIT_INVALID = 2;

    /** Without checkpoints no transaction would ever be committed, and a savepoint would hold what it holds at least once. */
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(30);

    private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(20);

    private FlowLogJob() {}

    public static void main(String[] args) throws Exception {
        JobArguments arguments = new JobArguments();
        try {
            new CommandLine(arguments).parseArgs(args);
            Configuration settings = arguments.configuration(new Configuration());
            JobConfig config = JobConfig.from(settings);
            JobConfig.unknownToFlink(settings)
                    .forEach(key -> System.err.println("Unknown to Flink, and left to it: " + key));
            expired(config).ifPresent(System.err::println);
            StreamExecutionEnvironment env =
                    StreamExecutionEnvironment.getExecutionEnvironment(JobConfig.forFlink(settings));
            if (config.source().continuous() && !hasCheckpointFolder(env)) {
                System.err.println(
                        CheckpointingOptions.CHECKPOINTS_DIRECTORY.key() + ": not set here; unless the cluster's"
                                + " own configuration names a folder, checkpoints are in the job manager's memory");
            }
            GivenSavepoint.check(env.getConfiguration());
            build(env, config, UUID.randomUUID().toString());
            execute(env, name(config));
        } catch (InvalidConfig | InvalidRules | CommandLine.ParameterException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_INVALID);
        } catch (KafkaTopics.Unavailable e) {
            // Says in one line all that a stack trace would hide.
            System.err.println(e.getMessage());
            System.exit(EXIT_FAILED);
        }
    }

    /** Runs it; who waits is told in one line what the job, or the cluster, has against its savepoint. */
    private static void execute(StreamExecutionEnvironment env, String name) throws Exception {
        try {
            env.execute(name);
        } catch (Exception e) {
            String line = refused(e)
                    .or(() -> GivenSavepoint.refusal(e, env.getConfiguration()))
                    .orElseThrow(() -> e);
            System.err.println(line);
            System.exit(EXIT_FAILED);
        }
    }

    /** What the job had against its savepoint, if that is why it failed. */
    private static Optional<String> refused(Exception failure) {
        ClassLoader classes = FlowLogJob.class.getClassLoader();
        return Stream.of(OtherInput.class, RangeIsOver.class)
                .flatMap(reason -> ExceptionUtils.findThrowableSerializedAware(failure, reason, classes).stream())
                .map(Throwable::getMessage)
                .findFirst();
    }

    private static boolean hasCheckpointFolder(StreamExecutionEnvironment env) {
        return env.getConfiguration()
                .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                .isPresent();
    }

    /**
     * Builds the job into an environment, topics included.
     *
     * @param runId names the run in message headers and in the report
     * @throws InvalidConfig where a setting cannot be used
     * @throws InvalidRules where the rules file or a list of addresses cannot be used
     * @throws KafkaTopics.Unavailable where Kafka or a topic is not to be had
     */
    public static void build(StreamExecutionEnvironment env, JobConfig config, String runId)
            throws IOException, InterruptedException {
        StageSettings settings = new StageSettings(config);
        Rules rules = settings.rulesFiles().read();
        ParseObjects objects = new ParseObjects(settings.parser(), coverage(config));
        env.configure(safetySettings());
        if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
            env.enableCheckpointing(CHECKPOINT_INTERVAL.toMillis());
        }
        if (env.getConfiguration().getOptional(PipelineOptions.MAX_PARALLELISM).isEmpty()) {
            env.setMaxParallelism(JobConfig.USUAL_MAX_PARALLELISM);
        }
        config.parallelism().ifPresent(env::setParallelism);
        if (config.sinks().usesKafka()) {
            checkClient(config);
            createTopics(config, settings.kafka(runId));
        }
        FlowLogTopology.build(
                env, new FlowLogSource<>(settings.source(), objects), settings, rules, settings.sinks(runId));
    }

    /**
     * What to say of allow-list entries that have expired, in one line; empty where none has. They end by the time in the
     * logs, so of a range that is read again those before its beginning count.
     *
     * @throws InvalidRules where the rules file cannot be used
     */
    public static Optional<String> expired(JobConfig config) {
        Instant from = Optional.ofNullable(config.source().from()).orElseGet(Instant::now);
        List<String> expired = rules(config).expired(from);
        return expired.isEmpty()
                ? Optional.empty()
                : Optional.of("Expired, so without effect from " + from.truncatedTo(ChronoUnit.SECONDS) + " on: "
                        + String.join("; ", expired));
    }

    /**
     * Checks what can be said of the settings of Kafka's clients before a broker is asked.
     *
     * @throws InvalidConfig where no client can be made of them
     */
    public static void checkClient(JobConfig config) {
        KafkaClientSettings.fault(config.sinks().kafka().settings()).ifPresent(line -> {
            throw new InvalidConfig(line);
        });
    }

    /**
     * Checks what the job would have against a savepoint before it is started.
     *
     * @param sourceState of the source's coordinator
     * @throws OtherInput where the savepoint was taken over another input
     * @throws RangeIsOver where it is past the end of the range
     * @throws IOException where that cannot be told
     */
    public static void checkSaved(byte[] sourceState, JobConfig config) throws IOException {
        SavedInput.check(sourceState, new StageSettings(config).source());
    }

    /** Names the job on Flink's page and in its metrics, where a replay must not be taken for the live job. */
    public static String name(JobConfig config) {
        return config.sinks().isReplay() ? "flow-sentinel-replay" : "flow-sentinel";
    }

    /**
     * The rules of a configuration: its file's, or the catalogue's defaults.
     *
     * @throws InvalidRules where the file cannot be used
     */
    public static Rules rules(JobConfig config) {
        return new RulesFiles(config.rules().file().orElse(null), List.of()).read();
    }

    /** What the rules of a configuration can see, by the fields that objects have. */
    public static RuleCoverage coverage(JobConfig config) {
        return RuleCoverage.of(rules(config), !config.rules().lists().isEmpty());
    }

    /** What must hold however the job is started, so it is set in code: a slip fails at start. */
    private static Configuration safetySettings() {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        // All nouns are immutable: handing them on without a copy is safe.
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        // A watermark must never wait behind an interrupted timer (FLINK-40101).
        settings.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        settings.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        return settings;
    }

    private static void createTopics(JobConfig config, KafkaSettings kafka) throws IOException, InterruptedException {
        boolean allFeeds = config.sinks().alerts().equals("kafka");
        TreeSet<String> topics = new TreeSet<>();
        kafka.topics().forEach((feed, topic) -> {
            boolean connections = feed == io.flowsentinel.sink.Feed.CONNECTIONS;
            boolean used = connections ? config.sinks().connections().equals("kafka") : allFeeds;
            if (used) {
                topics.add(topic);
            }
        });
        Map<String, String> client = kafka.client();
        new KafkaTopics(
                        config.sinks().kafka().partitions(),
                        config.sinks().kafka().replication(),
                        KAFKA_PATIENCE)
                .create(kafka.brokers(), client, topics);
    }
}
