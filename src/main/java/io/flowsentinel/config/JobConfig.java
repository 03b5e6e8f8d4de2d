package io.flowsentinel.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;

/**
 * The job's settings, checked.
 *
 * @param source where the records come from
 * @param time how event time is measured
 * @param connections how records become connections
 * @param internalNetworks CIDR blocks of the estate
 * @param rules where the rules are written
 * @param sinks where the feeds go
 * @param parallelism empty to leave it to Flink
 */
public record JobConfig(
        SourceConfig source,
        TimeConfig time,
        ConnectionConfig connections,
        List<String> internalNetworks,
        RulesConfig rules,
        SinkConfig sinks,
        Optional<Integer> parallelism) {

    /**
     * The number of key groups where {@code pipeline.max-parallelism} is not set: part of every savepoint. Flink's own
     * choice depends on the parallelism a job first runs with.
     */
    public static final int USUAL_MAX_PARALLELISM = 128;

    /**
     * Where the records come from.
     *
     * @param roots buckets, folders or files
     * @param filter which objects below the roots
     * @param continuous whether to go on as objects are published
     * @param from first moment of the range; null for no bound
     * @param to first moment after the range; null for no bound
     * @param discovery how objects are looked for
     * @param reading how objects are read
     * @param format fields of objects without a header; empty for auto
     * @param allowOtherInput whether to go on from the state of a job that read quite other roots
     */
    public record SourceConfig(
            List<String> roots,
            FilterConfig filter,
            boolean continuous,
            Instant from,
            Instant to,
            DiscoveryConfig discovery,
            ReadingConfig reading,
            List<String> format,
            boolean allowOtherInput) {

        /** Whether a range or a filter leaves out some of what the roots hold. */
        public boolean narrowed() {
            return from != null || to != null || !filter.equals(FilterConfig.ALL);
        }
    }

    /** Which objects are wanted; an empty list wants all. */
    public record FilterConfig(List<String> accounts, List<String> regions, List<String> flowLogs) {

        private static final FilterConfig ALL = new FilterConfig(List.of(), List.of(), List.of());
    }

    /**
     * How objects are looked for.
     *
     * @param interval between two listings
     * @param fullInterval between two listings that look for new places and as far back as {@code lookBack}
     * @param lookBack how far back a listing looks
     * @param patience how long listings may fail in a row
     */
    public record DiscoveryConfig(Duration interval, Duration fullInterval, Duration lookBack, Duration patience) {}

    /**
     * How objects are read.
     *
     * @param inFlight objects a reader fetches at a time
     * @param attempts at one object
     * @param backOff before the second attempt
     * @param failJob whether an unreadable object fails the job
     */
    public record ReadingConfig(int inFlight, int attempts, Duration backOff, boolean failJob) {}

    /**
     * How event time is measured.
     *
     * @param aggregationInterval W
     * @param maxDelay beyond which a record is late
     */
    public record TimeConfig(Duration aggregationInterval, Duration maxDelay) {}

    /**
     * How records become connections.
     *
     * @param scope vpc, account or global
     * @param timeouts by the last part of the key (closed, attempt, half-close, idle, udp, other); only those set
     * @param updateInterval how often a long connection is published
     * @param openEvents whether opening is published
     */
    public record ConnectionConfig(
            String scope, Map<String, Duration> timeouts, Duration updateInterval, boolean openEvents) {}

    /**
     * Where the rules are written.
     *
     * @param file empty for the catalogue's defaults
     * @param lists files of addresses somebody warns of
     * @param reloadInterval between two looks whether a file was written; zero for none
     */
    public record RulesConfig(Optional<Path> file, List<Path> lists, Duration reloadInterval) {}

    /**
     * Where the feeds go.
     *
     * @param alerts kafka, files or print
     * @param connections kafka, files or none
     * @param ecs whether alerts are written in ECS
     * @param outputDir set where a sink is files
     * @param kafka Kafka's settings
     * @param runMode live or replay
     * @param replayId what tells a replay from others
     */
    public record SinkConfig(
            String alerts,
            String connections,
            boolean ecs,
            Optional<Path> outputDir,
            KafkaConfig kafka,
            String runMode,
            Optional<String> replayId) {

        /** Whether any feed goes to Kafka. */
        public boolean usesKafka() {
            return alerts.equals("kafka") || connections.equals("kafka");
        }

        /** Whether the run repeats the past. */
        public boolean isReplay() {
            return runMode.equals("replay");
        }
    }

    /**
     * Kafka's settings.
     *
     * @param client passed to the clients as they are
     * @param topics feed name (alerts, connections, quarantine, late, suppressed) to topic
     * @param partitions of topics to create; -1 for the broker's default
     * @param replication of topics to create; -1 for the broker's default
     * @param transactionalIdPrefix unique among the jobs of one Kafka
     * @param transactionTimeout of the producers
     */
    public record KafkaConfig(
            Properties client,
            Map<String, String> topics,
            int partitions,
            int replication,
            String transactionalIdPrefix,
            Duration transactionTimeout) {

        /** {@link #client} by its names. */
        public Map<String, String> settings() {
            return texts(client);
        }

        /** Settings of a client by their names; what is no text is left out. */
        public static Map<String, String> texts(Properties client) {
            Map<String, String> texts = new TreeMap<>();
            client.stringPropertyNames().forEach(name -> texts.put(name, client.getProperty(name)));
            return texts;
        }
    }

    /**
     * Checks the settings.
     *
     * @throws InvalidConfig for the first one that cannot be used
     */
    public static JobConfig from(Configuration configuration) {
        return new ConfigReader(configuration).read();
    }

    /**
     * What Flink is to know of the settings: without Kafka's, which may hold secrets and would show on the web page.
     */
    public static Configuration forFlink(Configuration settings) {
        Configuration flink = new Configuration();
        settings.toMap().forEach((key, value) -> {
            if (!key.startsWith(ConfigReader.KAFKA_PREFIX)) {
                flink.setString(key, value);
            }
        });
        return flink;
    }

    /** Keys with a prefix of Flink's that no option of Flink's has: misspelt most likely, and without effect. Sorted. */
    public static List<String> unknownToFlink(Configuration settings) {
        return settings.keySet().stream().filter(FlinkKeys::unknown).sorted().toList();
    }

    /**
     * Reads a YAML file of settings, unchecked.
     *
     * @throws InvalidConfig where the file cannot be read or is not YAML
     */
    public static Configuration load(Path yaml) {
        return ConfigFile.load(yaml);
    }
}
