package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a run's alerts from their topic as they are committed, in a thread of its own. A convenience: whatever happens
 * to it, the alerts are in the topic and the run goes on.
 */
final class AlertFollower {

    private static final Logger LOG = LoggerFactory.getLogger(AlertFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String runId;
    private final Consumer<JsonNode> onAlert;
    private final Thread thread = new Thread(this::follow, "alert-follower");
    private final Map<TopicPartition, Long> begin;
    private volatile boolean finishing;

    private AlertFollower(
            KafkaConsumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            String runId,
            Consumer<JsonNode> onAlert) {
        this.consumer = consumer;
        this.runId = runId;
        this.onAlert = onAlert;
        consumer.assign(partitions);
        this.begin = consumer.endOffsets(partitions);
        begin.forEach(consumer::seek);
        thread.setDaemon(true);
    }

    /**
     * Follows the topic from where it ends now; empty where it cannot be read.
     *
     * @param client properties of the Kafka clients, {@code bootstrap.servers} among them
     * @param topic an existing topic
     * @param runId whose alerts; others may write to the topic too
     */
    static Optional<AlertFollower> start(Properties client, String topic, String runId, Consumer<JsonNode> onAlert) {
        KafkaConsumer<byte[], byte[]> consumer = null;
        try {
            consumer =
                    new KafkaConsumer<>(properties(client), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            AlertFollower follower =
                    new AlertFollower(consumer, TopicPartitions.of(consumer, client, topic), runId, onAlert);
            follower.thread.start();
            return Optional.of(follower);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Alerts are written to topic {} but cannot be shown here: {}", topic, Failure.reason(e), e);
            if (consumer != null) {
                consumer.close();
            }
            return Optional.empty();
        }
    }

    /** Ends the thread when everything committed by now has been handed out, or when that takes too long. */
    void finish() throws InterruptedException {
        finishing = true;
        thread.join(PATIENCE.toMillis());
        if (thread.isAlive()) {
            consumer.wakeup();
            LOG.warn("The last alerts are in their topic, but could not be shown within {} s", PATIENCE.toSeconds());
        }
    }

    private void follow() {
        try (consumer) {
            Map<TopicPartition, Long> ends = null;
            while (ends == null || behind(ends)) {
                if (finishing && ends == null) {
                    ends = consumer.endOffsets(begin.keySet());
                }
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    hand(message);
                }
            }
        } catch (WakeupException e) {
            LOG.debug("Told to end", e);
        } catch (RuntimeException e) {
            // The alerts are in the topic all the same: the job goes on.
            LOG.error("The alerts cannot be followed any longer", e);
        }
    }

    private boolean behind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    private void hand(ConsumerRecord<byte[], byte[]> message) {
        if (runId.equals(Origin.of(message).runId())) {
            try {
                onAlert.accept(JSON.readTree(message.value()));
            } catch (IOException e) {
                LOG.error("Alert {} is not JSON", message.offset(), e);
            }
        }
    }

    private static Properties properties(Properties client) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.putAll(readCommitted());
        return properties;
    }

    /** What every reader of the feeds sets: it sees each alert exactly once, and creates no topic. */
    static Properties readCommitted() {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
        return properties;
    }
}
