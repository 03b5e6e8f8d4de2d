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

    /** Kafka or a topic is not there; the message is one line that says which, where, and what to do. */
    public static final class Unavailable extends IOException {

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Creates the topics that are missing. */
    public void create(String brokers, Map<String, String> client, Collection<String> topics)
            throws Unavailable, InterruptedException {
        try (Admin admin = Admin.create(properties(brokers, client))) {
            Set<String> missing = new TreeSet<>(topics);
            missing.removeAll(existing(admin, brokers));
            for (String topic : missing) {
                create(admin, brokers, topic);
            }
        } catch (KafkaException e) {
            // Thrown by Admin.create: a name that does not resolve, a key store that cannot be opened.
            throw new Unavailable("Kafka at " + brokers + " cannot be used: " + reason(e), e);
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

    private Set<String> existing(Admin admin, String brokers) throws Unavailable, InterruptedException {
        try {
            return await(admin.listTopics().names());
        } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
            throw new Unavailable(
                    "Kafka at " + brokers + " did not answer within " + patience.toSeconds()
                            + " s: check that it is running and that the address is one it listens on",
                    e);
        } catch (KafkaException e) {
            throw new Unavailable("Kafka at " + brokers + " does not list its topics: " + reason(e), e);
        }
    }

    private void create(Admin admin, String brokers, String topic) throws Unavailable, InterruptedException {
        NewTopic wanted = new NewTopic(
                topic,
                partitions == BROKER_DEFAULT ? Optional.empty() : Optional.of(partitions),
                replication == BROKER_DEFAULT ? Optional.empty() : Optional.of((short) replication));
        String which = "topic " + topic + " is missing at " + brokers;
        try {
            await(admin.createTopics(List.of(wanted)).all());
        } catch (TopicExistsException e) {
            // Somebody else was faster, or the topic may be written and not be listed: both are fine.
            return;
        } catch (AuthorizationException | PolicyViolationException e) {
            throw new Unavailable(
                    which + " and may not be created (" + reason(e) + "): create it, or allow this user to", e);
        } catch (TimeoutException | KafkaException e) {
            throw new Unavailable(which + " and could not be created: " + reason(e), e);
        }
    }

    private <T> T await(KafkaFuture<T> future) throws TimeoutException, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException kafka) {
                throw kafka;
            }
            throw new KafkaException(e.getCause());
        }
    }

    /** The innermost message, on one line. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return message.replaceAll("\\s+", " ");
    }
}
