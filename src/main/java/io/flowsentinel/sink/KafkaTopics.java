package io.flowsentinel.sink;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the topics of the feeds exist, before the job starts: a broker that creates topics on first use is
 * rare, and a job that finds out at its first checkpoint is no help.
 *
 * @param partitions for a topic that is created; -1 for the broker's default
 * @param replication for a topic that is created; -1 for the broker's default
 * @param patience how long to wait for the broker
 */
public record KafkaTopics(int partitions, int replication, Duration patience) {

    /** What a topic gets unless configured otherwise: the broker's defaults. */
    public static final int BROKER_DEFAULT = -1;

    /** After which a broker that says nothing is looked at: it may talk with TLS and the client without. */
    private static final Duration DOUBT = Duration.ofSeconds(4);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTopics.class);

    /** Kafka or a topic is not there; the message is one line that says which, where, and what to do. */
    public static final class Unavailable extends IOException {

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Creates the topics that are missing. */
    public void create(String brokers, Map<String, String> client, Collection<String> topics)
            throws Unavailable, InterruptedException {
        Admin admin;
        try {
            admin = Admin.create(properties(brokers, client));
        } catch (KafkaException e) {
            // A name that does not resolve, a key store that cannot be opened.
            throw KafkaRefusal.of(brokers, client, e);
        }
        try {
            Set<String> missing = new TreeSet<>(topics);
            missing.removeAll(existing(admin, brokers, client));
            for (String topic : missing) {
                create(admin, brokers, topic);
            }
            awaitKnown(admin, missing);
        } finally {
            // Not without a limit: it would wait for the answer that did not come.
            admin.close(Duration.ZERO);
        }
    }

    private Properties properties(String brokers, Map<String, String> client) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        int millis = Math.toIntExact(patience.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        return properties;
    }

    private Set<String> existing(Admin admin, String brokers, Map<String, String> client)
            throws Unavailable, InterruptedException {
        KafkaFuture<Set<String>> names = admin.listTopics().names();
        try {
            return await(names, DOUBT);
        } catch (TimeoutException e) {
            if (KafkaRefusal.isWrongProtocol(brokers, client)) {
                throw KafkaRefusal.of(brokers, client, e);
            }
        } catch (KafkaException e) {
            throw KafkaRefusal.of(brokers, client, e);
        }
        try {
            return await(names, patience.minus(DOUBT));
        } catch (TimeoutException | KafkaException e) {
            throw KafkaRefusal.of(brokers, client, e);
        }
    }

    private void create(Admin admin, String brokers, String topic) throws Unavailable, InterruptedException {
        NewTopic wanted = new NewTopic(
                topic,
                partitions == BROKER_DEFAULT ? Optional.empty() : Optional.of(partitions),
                replication == BROKER_DEFAULT ? Optional.empty() : Optional.of((short) replication));
        String which = "topic " + topic + " is missing at " + brokers;
        try {
            await(admin.createTopics(List.of(wanted)).all(), patience);
        } catch (TopicExistsException e) {
            // Somebody else was faster, or the topic may be written and not be listed: both are fine.
            return;
        } catch (AuthorizationException | PolicyViolationException e) {
            throw new Unavailable(
                    which + " and may not be created (" + KafkaRefusal.reason(e)
                            + "): create it, or allow this user to",
                    e);
        } catch (TimeoutException | KafkaException e) {
            throw new Unavailable(which + " and could not be created: " + KafkaRefusal.reason(e), e);
        }
    }

    /** A topic is created once the controller has it; the broker that clients ask hears of it a moment later. */
    private void awaitKnown(Admin admin, Set<String> topics) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                await(admin.describeTopics(topics).allTopicNames(), patience);
                return;
            } catch (UnknownTopicOrPartitionException e) {
                Thread.sleep(POLL.toMillis());
            } catch (TimeoutException | KafkaException e) {
                LOG.info("Topics {} were created, and cannot be looked at", topics, e);
                return;
            }
        }
        LOG.warn("Topics {} were created, and the broker does not know them after {}", topics, patience);
    }

    private static <T> T await(KafkaFuture<T> future, Duration patience) throws TimeoutException, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException kafka) {
                throw kafka;
            }
            throw new KafkaException(e.getCause());
        }
    }
}
