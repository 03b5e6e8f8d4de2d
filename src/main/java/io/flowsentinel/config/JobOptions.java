package io.flowsentinel.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** Every key of the job, with its default and what it means. */
public final class JobOptions {

    public static final ConfigOption<List<String>> SOURCE_URI = key("source.uri")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription(
                    "Where the objects are: buckets (s3://), folders or single files; several separated by ';'.");

    public static final ConfigOption<String> SOURCE_MODE = key("source.mode")
            .stringType()
            .defaultValue("bounded")
            .withDescription("bounded: read what is there and end. continuous: go on as objects are published.");

    public static final ConfigOption<String> SOURCE_FROM = key("source.from")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "ISO-8601. Objects by delivery slot and records by end, both: this moment included, and the"
                            + " slot it is in. A job that goes on from a savepoint is past it.");

    public static final ConfigOption<String> SOURCE_TO = key("source.to")
            .stringType()
            .noDefaultValue()
            .withDescription("ISO-8601. Objects by delivery slot and records by end, both: this moment excluded."
                    + " Continuous mode: objects only. Event time stays at the last slot before it, nothing ends, and"
                    + " another job can go on from a savepoint.");

    public static final ConfigOption<Boolean> SOURCE_ALLOW_OTHER_INPUT = key("source.allow-other-input")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether a job may go on from a savepoint that was taken over none of the roots in source.uri,"
                            + " such as those of a bucket that was moved. Off, so that none does so by mistake.");

    public static final ConfigOption<Duration> SOURCE_DISCOVERY_INTERVAL = key("source.discovery.interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("Continuous mode: how often the bucket is listed for new objects.");

    public static final ConfigOption<Duration> SOURCE_DISCOVERY_LOOKBACK = key("source.discovery.lookback")
            .durationType()
            .defaultValue(Duration.ofDays(2))
            .withDescription("Continuous mode: how far back a listing looks for objects published late.");

    public static final ConfigOption<Duration> SOURCE_DISCOVERY_FULL_INTERVAL = key("source.discovery.full-interval")
            .durationType()
            .noDefaultValue()
            .withDescription("Continuous mode: how often new accounts and regions, and objects published late, are"
                    + " looked for; less often where such a look takes long. Unset: every tenth listing.");

    public static final ConfigOption<Duration> SOURCE_DISCOVERY_PATIENCE = key("source.discovery.patience")
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription("How long listings may fail in a row before the job fails.");

    public static final ConfigOption<List<String>> SOURCE_FILTER_ACCOUNTS = key("source.filter.accounts")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("Only objects of these accounts, 12 digits each, separated by ';'. Unset: all.");

    public static final ConfigOption<List<String>> SOURCE_FILTER_REGIONS = key("source.filter.regions")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("Only objects of these regions, such as eu-west-1, separated by ';'. Unset: all.");

    public static final ConfigOption<List<String>> SOURCE_FILTER_FLOW_LOGS = key("source.filter.flow-logs")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription("Only objects of these flow logs, such as fl-0123456789abcdef0, separated by ';'."
                    + " Unset: all.");

    public static final ConfigOption<Integer> SOURCE_READ_IN_FLIGHT = key("source.read.in-flight")
            .intType()
            .defaultValue(4)
            .withDescription("How many objects each reader fetches at a time, 1 to 64.");

    public static final ConfigOption<Integer> SOURCE_READ_ATTEMPTS = key("source.read.attempts")
            .intType()
            .defaultValue(25)
            .withDescription("How often an object is tried before it counts as unreadable, 1 to 100; the storage"
                    + " client has retried each request before (s3.retry.max-num-retries). 25 attempts are more than"
                    + " 10 minutes, longer than source.discovery.patience: in an outage of the whole storage a live"
                    + " job fails and is restarted before it gives up on objects.");

    public static final ConfigOption<Duration> SOURCE_READ_BACK_OFF = key("source.read.back-off")
            .durationType()
            .defaultValue(Duration.ofSeconds(1))
            .withDescription("Wait before the second attempt at an object; doubles with each further one, up to 30 s.");

    public static final ConfigOption<String> SOURCE_READ_ON_FAILURE = key("source.read.on-failure")
            .stringType()
            .defaultValue("quarantine")
            .withDescription("quarantine: an unreadable object gives a row in the quarantine feed and the job goes on."
                    + " fail: the job fails.");

    public static final ConfigOption<String> SOURCE_FORMAT = key("source.format")
            .stringType()
            .defaultValue("auto")
            .withDescription("Fields of objects without a header, separated by spaces or commas. auto: lines of 14"
                    + " fields are read as the version 2 default format, others are quarantined.");

    public static final ConfigOption<Duration> TIME_AGGREGATION_INTERVAL = key("time.aggregation-interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(60))
            .withDescription("The maximum aggregation interval of the flow logs (W), 1 s to 600 s: AWS offers 60s and"
                    + " 600s.");

    public static final ConfigOption<Duration> TIME_MAX_DELAY = key("time.max-delay")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("How far a record's end may lie before its object's slot; beyond that it is late."
                    + " 0 s or more.");

    public static final ConfigOption<String> CONNECTION_SCOPE = key("connection.scope")
            .stringType()
            .defaultValue("vpc")
            .withDescription("What keeps overlapping private ranges apart: vpc (vpc-id; account-id where a record has"
                    + " none), account, or global (no overlap). Transit gateway flow logs always go by tgw-id.");

    public static final ConfigOption<Duration> TIMEOUT_CLOSED = key("connection.timeout.closed")
            .durationType()
            .noDefaultValue()
            .withDescription("How long records may follow the close of a connection. Unset: W + 60 s.");

    public static final ConfigOption<Duration> TIMEOUT_ATTEMPT = key("connection.timeout.attempt")
            .durationType()
            .noDefaultValue()
            .withDescription("How long an opening may stay unanswered. Unset: the larger of 2 W and 150 s.");

    public static final ConfigOption<Duration> TIMEOUT_HALF_CLOSE = key("connection.timeout.half-close")
            .durationType()
            .noDefaultValue()
            .withDescription("Silence after a FIN from one side only. Unset: the larger of 300 s and 3 W.");

    public static final ConfigOption<Duration> TIMEOUT_IDLE = key("connection.timeout.idle")
            .durationType()
            .noDefaultValue()
            .withDescription("Silence of an open TCP connection. Unset: the larger of 900 s and 3 W.");

    public static final ConfigOption<Duration> TIMEOUT_UDP = key("connection.timeout.udp")
            .durationType()
            .noDefaultValue()
            .withDescription("Silence of a UDP exchange. Unset: the larger of 180 s and 2 W.");

    public static final ConfigOption<Duration> TIMEOUT_OTHER = key("connection.timeout.other")
            .durationType()
            .noDefaultValue()
            .withDescription("Silence of ICMP and other protocols. Unset: the larger of 60 s and 2 W.");

    public static final ConfigOption<Duration> CONNECTION_UPDATE_INTERVAL = key("connection.update-interval")
            .durationType()
            .defaultValue(Duration.ofHours(6))
            .withDescription("How often a long connection is published while it lives.");

    public static final ConfigOption<Boolean> CONNECTION_OPEN_EVENTS = key("connection.open-events")
            .booleanType()
            .defaultValue(false)
            .withDescription("Whether a connection is also published once it is established.");

    public static final ConfigOption<List<String>> NETWORKS_INTERNAL = key("networks.internal")
            .stringType()
            .asList()
            .defaultValues("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
            .withDescription("Networks of the estate, as CIDR blocks separated by ';' (RFC 1918, RFC 6598, RFC 4193).");

    public static final ConfigOption<String> RULES_FILE = key("rules.file")
            .stringType()
            .noDefaultValue()
            .withDescription("YAML file with modes, thresholds and allow-lists. Unset: the defaults of the catalogue.");

    public static final ConfigOption<Duration> RULES_RELOAD_INTERVAL = key("rules.reload-interval")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription(
                    "How often a continuous job looks whether the rules file or a list was written; what is read"
                            + " then is in force from one event time on everywhere. 0 s: never.");

    public static final ConfigOption<List<String>> LISTS_FILES = key("lists.files")
            .stringType()
            .asList()
            .noDefaultValue()
            .withDescription(
                    "Lists of addresses for list-match, separated by ';': text files, one address or CIDR a line, # comments;"
                            + " the name of the file is the name of the list. Unset: list-match has nothing to look for.");

    public static final ConfigOption<String> ALERTS_SINK = key("alerts.sink")
            .stringType()
            .defaultValue("kafka")
            .withDescription("kafka, files (JSON lines below output.dir) or print. Quarantine, late and suppressed go"
                    + " the same way, but print shows alerts only: the others are counted, not shown.");

    public static final ConfigOption<String> ALERTS_FORMAT = key("alerts.format")
            .stringType()
            .defaultValue("ocsf")
            .withDescription("ocsf: OCSF Detection Finding. ecs: Elastic Common Schema.");

    public static final ConfigOption<String> ALERTS_TOPIC = key("alerts.kafka.topic")
            .stringType()
            .defaultValue("vpc-flow-alerts")
            .withDescription("Topic of the alerts, keyed by finding id.");

    public static final ConfigOption<String> CONNECTIONS_SINK =
            key("connections.sink").stringType().defaultValue("kafka").withDescription("kafka, files or none.");

    public static final ConfigOption<String> CONNECTIONS_TOPIC = key("connections.kafka.topic")
            .stringType()
            .defaultValue("vpc-flow-connections")
            .withDescription("Topic of the connections, keyed by connection id.");

    public static final ConfigOption<String> QUARANTINE_TOPIC = key("quarantine.kafka.topic")
            .stringType()
            .defaultValue("vpc-flow-quarantine")
            .withDescription("Topic of lines and objects that could not be understood.");

    public static final ConfigOption<String> LATE_TOPIC = key("late.kafka.topic")
            .stringType()
            .defaultValue("vpc-flow-late")
            .withDescription("Topic of records that came after time.max-delay.");

    public static final ConfigOption<String> SUPPRESSED_TOPIC = key("suppressed.kafka.topic")
            .stringType()
            .defaultValue("vpc-flow-suppressed")
            .withDescription("Topic of alerts held back by an allow-list, a dry run or a parent finding.");

    public static final ConfigOption<Integer> TOPICS_PARTITIONS = key("topics.partitions")
            .intType()
            .defaultValue(-1)
            .withDescription("Partitions of topics that have to be created; -1: the broker's default.");

    public static final ConfigOption<Integer> TOPICS_REPLICATION = key("topics.replication")
            .intType()
            .defaultValue(-1)
            .withDescription("Replication factor of topics that have to be created; -1: the broker's default.");

    public static final ConfigOption<String> TRANSACTION_PREFIX = key("sink.transactional-id-prefix")
            .stringType()
            .defaultValue("flow-sentinel")
            .withDescription("Prefix of the Kafka transactional ids. Two jobs on one Kafka must not share it.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT = key("sink.transaction-timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(15))
            .withDescription("Kafka transaction timeout: above checkpoint interval, its duration and a restart, and"
                    + " not above the broker's transaction.max.timeout.ms (15 min unless changed).");

    public static final ConfigOption<String> OUTPUT_DIR = key("output.dir")
            .stringType()
            .noDefaultValue()
            .withDescription("Folder of the feeds as JSON lines, where a sink is files.");

    public static final ConfigOption<String> RUN_MODE = key("job.run-mode")
            .stringType()
            .defaultValue("live")
            .withDescription("live or replay: what the run-mode header of each message says. A replay has sinks of its"
                    + " own, so that it never ends transactions of the live job whose savepoint it started from.");

    public static final ConfigOption<String> REPLAY_ID = key("job.replay-id")
            .stringType()
            .noDefaultValue()
            .withDescription("What tells the sinks of a replay from those of another one, from whose savepoint it may"
                    + " start: a name for each replay, the same over its restarts. scripts/replay.sh makes one up.");

    public static final ConfigOption<Boolean> INTO_LIVE_TOPICS = key("job.into-live-topics")
            .booleanType()
            .defaultValue(false)
            .withDescription("Whether a replay may write to topics of the live job's default names. Off, so that none"
                    + " does so by mistake.");

    public static final ConfigOption<Integer> PARALLELISM = key("job.parallelism")
            .intType()
            .noDefaultValue()
            .withDescription(
                    "Parallelism of the job, 1 to pipeline.max-parallelism (128 unless set): that is fixed with the first"
                            + " savepoint, and no job can be spread over more. Unset: what Flink's parallelism.default"
                            + " says.");

    private JobOptions() {}

    /** All options, sorted by key. */
    public static List<ConfigOption<?>> all() {
        List<ConfigOption<?>> options = new ArrayList<>(DeclaredOptions.of(JobOptions.class));
        options.sort((one, other) -> one.key().compareTo(other.key()));
        return Collections.unmodifiableList(options);
    }
}
