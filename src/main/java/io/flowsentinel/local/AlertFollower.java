package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a run's alerts from their topic as they are committed, in a thread of its own. */
final class AlertFollower {

    private static final Logger LOG = LoggerFactory.getLogger(AlertFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String RUN_ID = "run-id";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String runId;
    private final Consumer<JsonNode> onAlert;
    private final Thread thread = new Thread(this::follow, "alert-follower");
    private final Map<TopicPartition, Long> begin;
    private volatile boolean finishing;

    /**
     * Follows the topic from where it ends now.
     *
     * @param client properties of the Kafka clients, {@code bootstrap.servers} among them
     * @param topic an existing topic
     * @param runId whose alerts; others may write to the topic too
     */
    AlertFollower(Properties client, String topic, String runId, Consumer<JsonNode> onAlert) {
        this.runId = runId;
        this.onAlert = onAlert;
        this.consumer =
                new KafkaConsumer<>(properties(client), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        this.begin = consumer.endOffsets(partitions);
        begin.forEach(consumer::seek);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the thread, and returns when everything committed by now has been handed out. */
    void finish() throws InterruptedException {
        finishing = true;
        thread.join();
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
        } catch (RuntimeException e) {
            // The alerts are in the topic all the same: the job goes on.
            LOG.error("The alerts cannot be followed any longer", e);
        }
    }

    private boolean behind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    private void hand(ConsumerRecord<byte[], byte[]> message) {
        Header run = message.headers().lastHeader(RUN_ID);
        if (run != null && runId.equals(new String(run.value(), StandardCharsets.UTF_8))) {
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
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        return properties;
    }
}
