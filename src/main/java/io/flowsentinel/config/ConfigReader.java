package io.flowsentinel.config;

import io.flowsentinel.config.JobConfig.ConnectionConfig;
import io.flowsentinel.config.JobConfig.DiscoveryConfig;
import io.flowsentinel.config.JobConfig.FilterConfig;
import io.flowsentinel.config.JobConfig.KafkaConfig;
import io.flowsentinel.config.JobConfig.ReadingConfig;
import io.flowsentinel.config.JobConfig.RulesConfig;
import io.flowsentinel.config.JobConfig.SinkConfig;
import io.flowsentinel.config.JobConfig.SourceConfig;
import io.flowsentinel.config.JobConfig.TimeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;

/** Turns keys and texts into a {@link JobConfig}, or says which of them is wrong. */
final class ConfigReader {

    static final String KAFKA_PREFIX = "kafka.";

    /** There is a bucket of connections for each; see {@code serde.Buckets}. */
    private static final int MOST_KEY_GROUPS = 2048;

    /** Each object in flight takes a thread and some buffers. */
    private static final int MOST_IN_FLIGHT = 64;

    private static final int LISTINGS_A_FULL_ONE = 10;

    private static final int MOST_ATTEMPTS = 100;

    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(10);

    /** What a duration without a unit is taken for by Flink, milliseconds, is never what was meant. */
    private static final Pattern NO_UNIT = Pattern.compile("\\s*0*[1-9]\\d*\\s*");

    /** Durations that may be nothing; the others are 1 s or more. */
    private static final Set<ConfigOption<Duration>> MAY_BE_ZERO =
            Set.of(JobOptions.TIME_MAX_DELAY, JobOptions.SOURCE_READ_BACK_OFF, JobOptions.RULES_RELOAD_INTERVAL);

    private final Configuration configuration;

    ConfigReader(Configuration configuration) {
        this.configuration = configuration;
    }

    JobConfig read() {
        rejectUnknownKeys();
        return new JobConfig(
                source(),
                time(),
                connections(),
                get(JobOptions.NETWORKS_INTERNAL),
                new RulesConfig(
                        optional(JobOptions.RULES_FILE).map(ConfigReader::absolute),
                        lists(),
                        seconds(JobOptions.RULES_RELOAD_INTERVAL)),
                sinks(),
                parallelism());
    }

    private void rejectUnknownKeys() {
        Set<String> known = JobOptions.all().stream().map(ConfigOption::key).collect(Collectors.toSet());
        for (String key : new TreeMap<>(configuration.toMap()).keySet()) {
            boolean foreign = key.startsWith(KAFKA_PREFIX) || FlinkKeys.mayStandHere(key);
            if (!known.contains(key) && !foreign) {
                throw new InvalidConfig(key + ": no such key; "
                        + NearestKey.to(key, known)
                                .map(meant -> "did you mean " + meant + "? The README lists all")
                                .orElse("expected a key of the table in the README, kafka.* or a key of Flink's"));
            }
        }
    }

    /** Whoever reads the file again may stand elsewhere. */
    private static Path absolute(String file) {
        return Path.of(file).toAbsolutePath();
    }

    /** A list goes by the name of its file, so two of one name could not be told apart. */
    private List<Path> lists() {
        List<Path> lists = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String file : optional(JobOptions.LISTS_FILES).orElse(List.of())) {
            Path list = Path.of(file);
            if (list.getFileName() == null || !names.add(list.getFileName().toString())) {
                throw InvalidConfig.of(JobOptions.LISTS_FILES.key(), file, "text files, no two of one name");
            }
            lists.add(list.toAbsolutePath());
        }
        return List.copyOf(lists);
    }

    private SourceConfig source() {
        List<String> roots = optional(JobOptions.SOURCE_URI).orElse(List.of());
        if (roots.isEmpty()) {
            throw new InvalidConfig(JobOptions.SOURCE_URI.key() + ": not set; expected a bucket, a folder or a file");
        }
        Instant from = moment(JobOptions.SOURCE_FROM);
        Instant to = moment(JobOptions.SOURCE_TO);
        if (from != null && to != null && !from.isBefore(to)) {
            throw InvalidConfig.of(JobOptions.SOURCE_TO.key(), to, "a moment after source.from " + from);
        }
        return new SourceConfig(
                roots,
                filter(),
                oneOf(JobOptions.SOURCE_MODE, "bounded", "continuous").equals("continuous"),
                from,
                to,
                discovery(),
                reading(),
                format(),
                get(JobOptions.SOURCE_ALLOW_OTHER_INPUT));
    }

    private FilterConfig filter() {
        return new FilterConfig(
                names(JobOptions.SOURCE_FILTER_ACCOUNTS, "\\d{12}", "account ids of 12 digits"),
                names(JobOptions.SOURCE_FILTER_REGIONS, "[a-z0-9-]+", "region names such as eu-west-1"),
                names(JobOptions.SOURCE_FILTER_FLOW_LOGS, "fl-[0-9a-f]+", "flow log ids such as fl-0123456789abcdef0"));
    }

    private List<String> names(ConfigOption<List<String>> option, String pattern, String expected) {
        List<String> names = optional(option).orElse(List.of());
        names.stream().filter(name -> !name.matches(pattern)).findFirst().ifPresent(wrong -> {
            throw InvalidConfig.of(option.key(), wrong, expected);
        });
        return names;
    }

    private DiscoveryConfig discovery() {
        Duration interval = seconds(JobOptions.SOURCE_DISCOVERY_INTERVAL);
        Duration fullInterval = optional(JobOptions.SOURCE_DISCOVERY_FULL_INTERVAL)
                .map(set -> seconds(JobOptions.SOURCE_DISCOVERY_FULL_INTERVAL))
                .orElse(interval.multipliedBy(LISTINGS_A_FULL_ONE));
        Duration lookBack = seconds(JobOptions.SOURCE_DISCOVERY_LOOKBACK);
        if (lookBack.compareTo(fullInterval) < 0) {
            throw InvalidConfig.of(
                    JobOptions.SOURCE_DISCOVERY_LOOKBACK.key(),
                    written(lookBack),
                    written(fullInterval) + " or more, the time from one full listing to the next");
        }
        return new DiscoveryConfig(interval, fullInterval, lookBack, seconds(JobOptions.SOURCE_DISCOVERY_PATIENCE));
    }

    private ReadingConfig reading() {
        return new ReadingConfig(
                within(JobOptions.SOURCE_READ_IN_FLIGHT, 1, MOST_IN_FLIGHT),
                within(JobOptions.SOURCE_READ_ATTEMPTS, 1, MOST_ATTEMPTS),
                seconds(JobOptions.SOURCE_READ_BACK_OFF),
                oneOf(JobOptions.SOURCE_READ_ON_FAILURE, "quarantine", "fail").equals("fail"));
    }

    private List<String> format() {
        String text = get(JobOptions.SOURCE_FORMAT).trim();
        return text.equals("auto") ? List.of() : Arrays.asList(text.split("[\\s,;]+"));
    }

    private TimeConfig time() {
        Duration interval = seconds(JobOptions.TIME_AGGREGATION_INTERVAL);
        if (interval.compareTo(LONGEST_INTERVAL) > 0 || interval.toSeconds() < 1) {
            throw InvalidConfig.of(
                    JobOptions.TIME_AGGREGATION_INTERVAL.key(),
                    written(interval),
                    "1 s to 600 s: AWS writes 60 s or 600 s");
        }
        return new TimeConfig(interval, seconds(JobOptions.TIME_MAX_DELAY));
    }

    private ConnectionConfig connections() {
        Map<String, Duration> timeouts = new TreeMap<>();
        for (ConfigOption<Duration> option : List.of(
                JobOptions.TIMEOUT_CLOSED,
                JobOptions.TIMEOUT_ATTEMPT,
                JobOptions.TIMEOUT_HALF_CLOSE,
                JobOptions.TIMEOUT_IDLE,
                JobOptions.TIMEOUT_UDP,
                JobOptions.TIMEOUT_OTHER)) {
            optional(option).ifPresent(set -> {
                timeouts.put(option.key().substring(option.key().lastIndexOf('.') + 1), seconds(option));
            });
        }
        return new ConnectionConfig(
                oneOf(JobOptions.CONNECTION_SCOPE, "vpc", "account", "global"),
                timeouts,
                seconds(JobOptions.CONNECTION_UPDATE_INTERVAL),
                get(JobOptions.CONNECTION_OPEN_EVENTS));
    }

    private SinkConfig sinks() {
        String alerts = oneOf(JobOptions.ALERTS_SINK, "kafka", "files", "print");
        String connections = oneOf(JobOptions.CONNECTIONS_SINK, "kafka", "files", "none");
        Optional<Path> outputDir = optional(JobOptions.OUTPUT_DIR).map(Path::of);
        if ((alerts.equals("files") || connections.equals("files")) && outputDir.isEmpty()) {
            throw new InvalidConfig(
                    JobOptions.OUTPUT_DIR.key() + ": not set; expected a folder, because a sink is files");
        }
        SinkConfig sinks = new SinkConfig(
                alerts,
                connections,
                oneOf(JobOptions.ALERTS_FORMAT, "ocsf", "ecs").equals("ecs"),
                outputDir,
                kafka(),
                oneOf(JobOptions.RUN_MODE, "live", "replay"),
                replayId());
        if (sinks.usesKafka() && sinks.kafka().client().getProperty("bootstrap.servers") == null) {
            throw new InvalidConfig(
                    "kafka.bootstrap.servers: not set; expected HOST:PORT[,HOST:PORT], because a sink is kafka");
        }
        if (sinks.usesKafka() && sinks.isReplay()) {
            LiveJob.keepClearOf(sinks.kafka(), get(JobOptions.INTO_LIVE_TOPICS));
        }
        return sinks;
    }

    private Optional<String> replayId() {
        Optional<String> id = optional(JobOptions.REPLAY_ID);
        id.filter(text -> !text.matches("[A-Za-z0-9._-]{1,64}")).ifPresent(text -> {
            throw InvalidConfig.of(JobOptions.REPLAY_ID.key(), text, "up to 64 letters, digits, '.', '_' and '-'");
        });
        return id;
    }

    private KafkaConfig kafka() {
        Properties client = new Properties();
        configuration.toMap().forEach((key, value) -> {
            if (key.startsWith(KAFKA_PREFIX)) {
                client.setProperty(key.substring(KAFKA_PREFIX.length()), value);
            }
        });
        Duration timeout = seconds(JobOptions.TRANSACTION_TIMEOUT);
        return new KafkaConfig(
                client,
                Map.of(
                        "alerts", get(JobOptions.ALERTS_TOPIC),
                        "connections", get(JobOptions.CONNECTIONS_TOPIC),
                        "quarantine", get(JobOptions.QUARANTINE_TOPIC),
                        "late", get(JobOptions.LATE_TOPIC),
                        "suppressed", get(JobOptions.SUPPRESSED_TOPIC)),
                brokerDefaultOrMore(JobOptions.TOPICS_PARTITIONS),
                brokerDefaultOrMore(JobOptions.TOPICS_REPLICATION),
                get(JobOptions.TRANSACTION_PREFIX),
                timeout);
    }

    private int brokerDefaultOrMore(ConfigOption<Integer> option) {
        int value = get(option);
        return value == -1 ? value : atLeast(option, value, 1);
    }

    private Instant moment(ConfigOption<String> option) {
        return optional(option)
                .map(text -> Moment.parse(text)
                        .orElseThrow(
                                () -> InvalidConfig.of(option.key(), text, "ISO-8601, such as 2026-01-15T09:00:00Z")))
                .orElse(null);
    }

    private String oneOf(ConfigOption<String> option, String... allowed) {
        String value = get(option);
        if (!Arrays.asList(allowed).contains(value)) {
            throw InvalidConfig.of(option.key(), value, "one of " + String.join(", ", allowed));
        }
        return value;
    }

    private Duration seconds(ConfigOption<Duration> option) {
        String text = configuration.toMap().getOrDefault(option.key(), "");
        if (NO_UNIT.matcher(text).matches()) {
            throw new InvalidConfig(option.key() + ": '" + text + "' has no unit; expected " + durationFor(option));
        }
        Duration value = get(option);
        boolean enough = MAY_BE_ZERO.contains(option) ? !value.isNegative() : value.toSeconds() >= 1;
        if (!enough) {
            throw InvalidConfig.of(option.key(), written(value), durationFor(option));
        }
        return value;
    }

    private static String durationFor(ConfigOption<?> option) {
        String least = MAY_BE_ZERO.contains(option) ? "0 s" : "1 s";
        return "a duration of " + least + " or more, such as 600s, 10 min or 1 h";
    }

    /** Not above the number of key groups, which is part of every savepoint. */
    private Optional<Integer> parallelism() {
        int keyGroups = keyGroups();
        Optional<Integer> parallelism = optional(JobOptions.PARALLELISM);
        parallelism.filter(value -> value < 1 || value > keyGroups).ifPresent(value -> {
            throw InvalidConfig.of(JobOptions.PARALLELISM.key(), value, "1 to " + keyGroups);
        });
        return parallelism;
    }

    /** Only a power of two spreads the buckets of connections evenly. */
    private int keyGroups() {
        int keyGroups = optional(PipelineOptions.MAX_PARALLELISM).orElse(JobConfig.USUAL_MAX_PARALLELISM);
        if (Integer.bitCount(keyGroups) != 1 || keyGroups < 1 || keyGroups > MOST_KEY_GROUPS) {
            throw InvalidConfig.of(
                    PipelineOptions.MAX_PARALLELISM.key(), keyGroups, "a power of two, 1 to " + MOST_KEY_GROUPS);
        }
        return keyGroups;
    }

    private int within(ConfigOption<Integer> option, int least, int most) {
        int value = get(option);
        if (value < least || value > most) {
            throw InvalidConfig.of(option.key(), value, least + " to " + most);
        }
        return value;
    }

    private static int atLeast(ConfigOption<Integer> option, int value, int least) {
        if (value < least) {
            throw InvalidConfig.of(option.key(), value, least + " or more");
        }
        return value;
    }

    private static String written(Duration value) {
        return value.toMillis() + " ms";
    }

    private <T> Optional<T> optional(ConfigOption<T> option) {
        try {
            return configuration.getOptional(option);
        } catch (IllegalArgumentException e) {
            String value = configuration.toMap().get(option.key());
            throw new InvalidConfig(
                    InvalidConfig.of(option.key(), value, kindOf(option)).getMessage(), e);
        }
    }

    private <T> T get(ConfigOption<T> option) {
        return optional(option).orElseGet(option::defaultValue);
    }

    /** Only durations, numbers and switches can fail to be read; durations are the ones that may lack a default. */
    private static String kindOf(ConfigOption<?> option) {
        if (option.defaultValue() instanceof Boolean) {
            return "true or false";
        }
        boolean number = option.defaultValue() instanceof Integer || option.equals(JobOptions.PARALLELISM);
        return number ? "a whole number" : durationFor(option);
    }
}
