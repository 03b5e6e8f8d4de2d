package io.flowsentinel.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.sink.Feed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import javax.annotation.Nullable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The feeds in Kafka, each from its beginning to its present end: of one run, or of all that have written there. */
final class TopicFeeds implements Feeds {

    private static final Duration POLL = Duration.ofMillis(500);
    /** How far clocks may be apart, those of the logs among them. */
    private static final Duration CLOCKS = Duration.ofHours(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Properties client;
    private final Map<Feed, String> topics;
    private final Predicate<Origin> wanted;

    private TopicFeeds(Properties client, Map<Feed, String> topics, Predicate<Origin> wanted) {
        this.client = client;
        this.topics = topics;
        this.wanted = wanted;
    }

    /**
     * What one run has written.
     *
     * @param client properties of the Kafka clients, {@code bootstrap.servers} among them
     * @param topics of the feeds that may be there
     */
    static TopicFeeds ofRun(Properties client, Map<Feed, String> topics, String runId) {
        return new TopicFeeds(client, topics, origin -> origin.runId().equals(runId));
    }

    /** What anybody has written; the parameters as for one run. */
    static TopicFeeds ofAll(Properties client, Map<Feed, String> topics) {
        return new TopicFeeds(client, topics, origin -> true);
    }

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

    /**
     * Of a topic that live jobs and replays share only what the live ones have written, for that is what replays are
     * compared with; of one that only replays write, what they have written.
     *
     * <p>Findings are read from a little before the moment on, by when messages were written: event time is behind the
     * present, so none is written before the moment it was decided for. Late records are read from the beginning: an old
     * one may tell of a finding that was decided later.
     */
    @Override
    public Feeds comparedWith(String runId, @Nullable Instant after) {
        Predicate<Origin> others = wanted.and(origin -> !origin.runId().equals(runId));
        Instant written = after == null ? Instant.EPOCH : after.minus(CLOCKS);
        return new Feeds() {

            private TopicFeeds shared;

            @Override
            public List<JsonNode> read(Feed feed) throws IOException {
                if (shared == null) {
                    Predicate<Origin> live = others.and(origin -> !origin.isReplay());
                    boolean ofLiveJobs = new TopicFeeds(client, topics, live).hasAlerts();
                    shared = new TopicFeeds(client, topics, ofLiveJobs ? live : others);
                }
                return feed == Feed.LATE ? shared.read(feed) : shared.read(feed, written);
            }

            @Override
            public String place() {
                return TopicFeeds.this.place();
            }
        };
    }

    @Override
    public List<JsonNode> read(Feed feed) throws IOException {
        return read(feed, Instant.EPOCH);
    }

    /** What was written from a moment on; where that is the beginning of time, brokers need not look for it. */
    private List<JsonNode> read(Feed feed, Instant written) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (var consumer = consumer()) {
            Map<TopicPartition, Long> ends = atTheBeginning(consumer, feed);
            if (written.isAfter(Instant.EPOCH)) {
                skip(consumer, ends, written);
            }
            while (behind(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    if (wanted.test(Origin.of(message))) {
                        rows.add(JSON.readTree(message.value()));
                    }
                }
            }
        }
        return rows;
    }

    /** Goes on to the first message with that timestamp or a later one, which may have earlier ones behind it. */
    private static void skip(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, Instant written) {
        Map<TopicPartition, Long> moments = new HashMap<>();
        ends.keySet().forEach(partition -> moments.put(partition, written.toEpochMilli()));
        consumer.offsetsForTimes(moments)
                .forEach((partition, first) ->
                        consumer.seek(partition, first == null ? ends.get(partition) : first.offset()));
    }

    @Override
    public String place() {
        return "topic " + topics.get(Feed.ALERTS);
    }

    private boolean hasAlerts() throws IOException {
        try (var consumer = consumer()) {
            Map<TopicPartition, Long> ends = atTheBeginning(consumer, Feed.ALERTS);
            while (behind(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    if (wanted.test(Origin.of(message))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private Map<TopicPartition, Long> atTheBeginning(KafkaConsumer<byte[], byte[]> consumer, Feed feed)
            throws IOException {
        List<TopicPartition> partitions = partitions(consumer, topics.get(feed));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer.endOffsets(partitions);
    }

    private static boolean behind(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
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
}
