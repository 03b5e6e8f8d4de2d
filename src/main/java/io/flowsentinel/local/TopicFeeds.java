package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.sink.Feed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The feeds in Kafka, each from its beginning to its present end.
 *
 * @param client properties of the Kafka clients, {@code bootstrap.servers} among them
 * @param topics of the feeds that may be there
 * @param runId whose messages; empty for everybody's
 */
record TopicFeeds(Properties client, Map<Feed, String> topics, Optional<String> runId) implements Feeds {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final String RUN_ID = "run-id";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Whether the alerts' topic exists.
     *
     * @throws io.flowsentinel.sink.KafkaTopics.Unavailable where Kafka does not answer, or not this user
     */
    boolean exist() throws IOException {
        try (var consumer = consumer()) {
            return !partitions(consumer, topics.get(Feed.ALERTS)).isEmpty();
        }
    }

    @Override
    public List<JsonNode> read(Feed feed) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topics.get(feed));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    if (isOfRun(message)) {
                        rows.add(JSON.readTree(message.value()));
                    }
                }
            }
        }
        return rows;
    }

    @Override
    public String place() {
        return "topic " + topics.get(Feed.ALERTS);
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.putAll(AlertFollower.readCommitted());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) throws IOException {
        return topic == null ? List.of() : TopicPartitions.of(consumer, client, topic);
    }

    private boolean isOfRun(ConsumerRecord<byte[], byte[]> message) {
        Header header = message.headers().lastHeader(RUN_ID);
        return runId.isEmpty()
                || (header != null && runId.get().equals(new String(header.value(), StandardCharsets.UTF_8)));
    }
}
