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
 * @param transactionTimeout how long the broker keeps an open transaction: an expired one is lost data, so longer than
 *     the checkpoint interval, a checkpoint and a restart together; not above the broker's {@code
 *     transaction.max.timeout.ms}, 15 minutes unless changed
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

    /** The topics under their usual names. */
    public static Map<Feed, String> defaultTopics() {
        Map<Feed, String> topics = new EnumMap<>(Feed.class);
        for (Feed feed : Feed.values()) {
            topics.put(feed, feed.defaultTopic());
        }
        return topics;
    }

    /** What stands before the ids of one feed's transactions. */
    String transactionalIdPrefix(Feed feed) {
        return transactionalIdPrefix + "-" + feed.directory();
    }
}
