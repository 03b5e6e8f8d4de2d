package io.flowsentinel.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.config.JobConfig.KafkaConfig;
import io.flowsentinel.config.NearestKey;
import io.flowsentinel.detect.settings.AddressBlock;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.sink.AlertDetails;
import io.flowsentinel.sink.AlertLine;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.sink.KafkaClientSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Follows the alert feed in Kafka, or shows that of a run's files, as an analyst wants to read it: {@code scripts/tail-alerts.sh}. */
@Command(
        name = "tail-alerts.sh",
        description = "Follows the alert feed: one line a finding, its evidence on demand.",
        footer = "Exit codes: 0 done; 1 Kafka cannot be read; 2 a bad option.",
        sortOptions = false)
public final class TailAlerts implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(TailAlerts.class);

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int INVALID = 2;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final String CLIENT = "kafka.";
    private static final String ALERTS = "vpc-flow-alerts";
    /** That of alerts in files: a run's folder says nothing of its mode. */
    private static final Origin UNKNOWN = new Origin("", "");

    private static final String TERMINAL = "flow-sentinel.terminal";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--brokers", paramLabel = "HOST:PORT", description = "Kafka that has the feed")
    private String brokers;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file of settings; its kafka.* keys go to the Kafka client (TLS, SASL)")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a kafka.* key, as in the --config file and instead of it; may be given several times")
    private List<String> set = new ArrayList<>();

    @Option(names = "--topic", paramLabel = "NAME", description = "default: " + ALERTS)
    private String topic;

    @Option(
            names = "--input",
            paramLabel = "DIR",
            description =
                    "no Kafka: the alerts in the --output of a run, or in its folder suppressed, as far as they go")
    private Path input;

    @Option(names = "--from-beginning", description = "begin with the oldest alert there is, not with the next one")
    private boolean fromBeginning;

    @Option(names = "--no-follow", description = "end with the last alert there is now")
    private boolean noFollow;

    @Option(
            names = "--severity",
            paramLabel = "LEVEL",
            description = "only alerts of this severity or more: informational or info, low, medium, high")
    private String severity = "informational";

    @Option(names = "--rule", paramLabel = "ID", description = "only alerts of this rule; may be given several times")
    private List<String> rules = new ArrayList<>();

    @Option(
            names = "--address",
            paramLabel = "CIDR",
            description = "only alerts about this address or block; may be given several times")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--run-mode",
            paramLabel = "MODE",
            description =
                    "only alerts of a job of this mode: live, replay; replays that write to the live topics say again"
                            + " what was said")
    private String runMode;

    @Option(names = "--evidence", description = "show what stands behind each alert below its line")
    private boolean evidence;

    @Option(
            names = "--json",
            description =
                    "the alerts as they are, one JSON object a line; nothing in them tells a replay from a live job,"
                            + " but --run-mode does")
    private boolean json;

    @SuppressWarnings("UnusedVariable") // picocli looks at the option, not at the field
    @Option(names = "--help", usageHelp = true, description = "this text")
    private boolean help;

    /** Of live jobs, and of each replay: what one says again is no reminder of another's. */
    private final Map<String, Reminders> reminders = new HashMap<>();

    private boolean toldOfOthers;
    private final PrintStream out;
    private final PrintStream err;

    private TailAlerts(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        System.exit(execute(System.out, System.err, arguments));
    }

    static int execute(PrintStream out, PrintStream err, String... arguments) {
        return new CommandLine(new TailAlerts(out, err))
                .setOut(new java.io.PrintWriter(out, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((refused, unused) -> {
                    err.println(refused.getMessage());
                    return INVALID;
                })
                .execute(arguments);
    }

    @Override
    public Integer call() {
        AlertFilter filter;
        Properties client;
        try {
            filter = new AlertFilter(
                    read("--severity", severity, String.join(", ", AlertFilter.severities()), AlertFilter::severityOf),
                    new TreeSet<>(rules),
                    addresses.stream()
                            .map(text -> read("--address", text, AddressBlock.ALLOWED, AddressBlock::parse))
                            .toList());
            if (runMode != null && !List.of(Origin.LIVE, Origin.REPLAY).contains(runMode)) {
                throw InvalidConfig.of("--run-mode", runMode, Origin.LIVE + " or " + Origin.REPLAY);
            }
            if (input != null) {
                warnOfUnknownRules();
                return tail(files(), filter);
            }
            client = client();
        } catch (InvalidConfig e) {
            err.println(e.getMessage());
            return INVALID;
        }
        warnOfUnknownRules();
        topic = topic == null ? ALERTS : topic;
        try (var consumer = new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return tail(consumer, client, filter);
        } catch (IOException | RuntimeException e) {
            // The reason is enough for a person; the log file of the script has the whole of it.
            LOG.info("The alerts cannot be read", e);
            err.println("The alerts of topic " + topic + " cannot be read: " + Failure.reason(e));
            return FAILED;
        }
    }

    /** No error: the feed may be of another version, with other rules. */
    private void warnOfUnknownRules() {
        Set<String> known = Rules.defaults().all().keySet();
        for (String rule : rules) {
            if (!known.contains(rule)) {
                err.println("Warning: --rule '" + rule + "' is no rule of this version"
                        + NearestKey.to(rule, known)
                                .map(meant -> "; did you mean " + meant + "?")
                                .orElse("; expected one of " + String.join(", ", known)));
            }
        }
    }

    private static <T> T read(String option, String text, String allowed, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw InvalidConfig.of(option, text, allowed);
        }
    }

    private Properties client() {
        Configuration settings = new Configuration();
        if (config != null) {
            settings.addAll(JobConfig.load(config));
        }
        set.forEach(setting -> put(settings, setting));
        if (brokers != null) {
            settings.setString(LocalSettings.BROKERS, brokers);
        }
        if (!settings.containsKey(LocalSettings.BROKERS)) {
            throw InvalidConfig.of(
                    "--brokers", "", "HOST:PORT, kafka.bootstrap.servers in a --config file, or --input DIR");
        }
        Properties client = new Properties();
        settings.toMap().forEach((key, value) -> {
            if (key.startsWith(CLIENT)) {
                client.put(key.substring(CLIENT.length()), value);
            }
        });
        KafkaClientSettings.fault(KafkaConfig.texts(client)).ifPresent(line -> {
            throw new InvalidConfig(line);
        });
        client.putAll(AlertFollower.readCommitted());
        return client;
    }

    private static void put(Configuration settings, String setting) {
        int equals = setting.indexOf('=');
        if (equals < 1 || !setting.startsWith(CLIENT)) {
            // Whatever it is, its value may be a secret.
            throw InvalidConfig.of("--set", setting.substring(0, Math.max(0, equals)), "kafka.KEY=VALUE");
        }
        settings.setString(setting.substring(0, equals).strip(), setting.substring(equals + 1));
    }

    private int tail(KafkaConsumer<byte[], byte[]> consumer, Properties client, AlertFilter filter) throws IOException {
        List<TopicPartition> partitions = TopicPartitions.of(consumer, client, topic);
        if (partitions.isEmpty()) {
            err.println("There is no topic " + topic + " at " + client.getProperty("bootstrap.servers"));
            return FAILED;
        }
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        if (fromBeginning || noFollow) {
            consumer.seekToBeginning(partitions);
        } else {
            ends.forEach(consumer::seek);
        }
        while (!noFollow
                || ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                show(message, filter);
            }
            out.flush();
            if (out.checkError()) {
                return DONE; // whoever read the lines has gone, as behind head
            }
        }
        return DONE;
    }

    /** The feed that {@code --input} names, in the order of its messages. */
    private List<String> files() {
        Map<String, Boolean> others = new TreeMap<>(Map.of(
                "--brokers", brokers != null,
                "--config", config != null,
                "--set", !set.isEmpty(),
                "--run-mode", runMode != null,
                "--topic", topic != null));
        others.forEach((option, given) -> {
            if (given) {
                throw new InvalidConfig(option + ": not allowed beside --input; expected one of them");
            }
        });
        Path folder = input.toAbsolutePath().normalize();
        try {
            if (FolderFeeds.areIn(folder)) {
                return new OutputFolder(folder).lines(Feed.ALERTS);
            }
            for (Feed feed : List.of(Feed.ALERTS, Feed.SUPPRESSED)) {
                if (Files.isDirectory(folder) && folder.endsWith(feed.directory())) {
                    return new OutputFolder(folder.getParent()).lines(feed);
                }
            }
        } catch (IOException e) {
            throw new InvalidConfig("--input: '" + input + "' cannot be read; expected the --output of a run", e);
        }
        throw InvalidConfig.of(
                "--input", input.toString(), "the --output of a run, or its folder alerts or suppressed");
    }

    /** Files are as writers had them: only the messages say in which order things were decided. */
    private int tail(List<String> lines, AlertFilter filter) {
        List<JsonNode> alerts = new ArrayList<>();
        for (String line : lines) {
            try {
                alerts.add(JSON.readTree(line));
            } catch (JsonProcessingException e) {
                err.println("A line below " + input + " is no JSON: not shown");
            }
        }
        alerts.stream()
                .map(AlertFields::new)
                .sorted(FindingBook.ORDER.thenComparing(AlertFields::findingId))
                .forEach(alert -> show(alert.alert(), UNKNOWN, filter));
        out.flush();
        return DONE;
    }

    private void show(ConsumerRecord<byte[], byte[]> message, AlertFilter filter) {
        Origin origin = Origin.of(message);
        if (runMode != null && !runMode.equals(origin.runMode())) {
            return;
        }
        try {
            show(JSON.readTree(new String(message.value(), StandardCharsets.UTF_8)), origin, filter);
        } catch (JsonProcessingException e) {
            err.println("Partition " + message.partition() + " offset " + message.offset() + " of " + topic
                    + " is no JSON: not shown");
        }
    }

    private void show(JsonNode alert, Origin origin, AlertFilter filter) {
        if (new AlertFields(alert).rule().isEmpty()) {
            if (!toldOfOthers) {
                err.println("Messages that are no alerts are not shown; how the other feeds are read is in"
                        + " job-config/RUNBOOK.md");
                toldOfOthers = true;
            }
            return;
        }
        boolean reminder = reminders
                .computeIfAbsent(origin.isReplay() ? origin.runId() : Origin.LIVE, run -> new Reminders())
                .isOne(alert);
        if (!filter.test(alert)) {
            return;
        }
        if (json) {
            out.println(alert);
            return;
        }
        out.println(new AlertLine(Boolean.getBoolean(TERMINAL)).of(alert)
                + (origin.isReplay() ? "  replay" : "")
                + (reminder ? "  no change" : ""));
        if (evidence) {
            AlertDetails.of(alert).forEach(out::println);
        }
    }
}
