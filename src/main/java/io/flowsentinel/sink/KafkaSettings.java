package io.flowsentinel.sink;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How the feeds reach Kafka.
 *
 * @param brokers {@code bootstrap.servers}
 * @param client properties passed to the client as they are, such as TLS and SASL; they win over the ones set here
 * @param topics name of each feed's topic
 * @param transactionalIdPrefix names the job's transactions; two jobs that run at once never share it, nor may the one
 *     begin with the other
 * @param transactionTimeout how long the broker keeps an open transaction; see {@link #transactionTimeout}
 * @param run written on every message
 */
public record KafkaSettings(
        String brokers,
        Map<String, String> client,
        Map<Feed, String> topics,
        String transactionalIdPrefix,
        Duration transactionTimeout,
        RunLabel run) {

    static final String TRANSACTION_TIMEOUT = "transaction.timeout.ms";

    /** {@code transaction.max.timeout.ms} of a broker that was left alone. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(15);

    /** What a checkpoint's duration and a restart may take on top of the interval. */
    private static final Duration ALLOWANCE = Duration.ofMinutes(10);

    /** The topics under their usual names. */
    public static Map<Feed, String> defaultTopics() {
        Map<Feed, String> topics = new EnumMap<>(Feed.class);
        for (Feed feed : Feed.values()) {
            topics.put(feed, feed.defaultTopic());
        }
        return topics;
    }

    /**
     * The time to give a transaction: an expired one is lost data, so it outlasts the checkpoint interval, the
     * checkpoint and a restart, and stays within what a broker allows unless configured otherwise.
     */
    public static Duration transactionTimeout(Duration checkpointInterval) {
        Duration wanted = checkpointInterval.plus(ALLOWANCE);
        return wanted.compareTo(LONGEST_TIMEOUT) < 0 ? wanted : LONGEST_TIMEOUT;
    }

    /** What stands before the ids of one feed's transactions. */
    String transactionalIdPrefix(Feed feed) {
        return transactionalIdPrefix + "-" + feed.directory();
    }
}
