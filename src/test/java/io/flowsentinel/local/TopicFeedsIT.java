package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.testing.KafkaBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What of a topic that many have written to counts in a comparison. */
class TopicFeedsIT {

    private static final Instant AFTER = Instant.parse("2025-01-15T09:00:00Z");
    private static final Map<Feed, String> TOPICS = Map.of(Feed.ALERTS, "alerts", Feed.LATE, "late");

    private static KafkaBroker kafka;
    private static KafkaProducer<byte[], byte[]> producer;
    private static Properties client;

    @BeforeAll
    static void start() throws Exception {
        kafka = KafkaBroker.start();
        client = new Properties();
        client.put("bootstrap.servers", kafka.brokers());
        try (Admin admin = kafka.admin()) {
            admin.createTopics(TOPICS.values().stream()
                            .map(topic -> new NewTopic(topic, 2, (short) 1))
                            .toList())
                    .all()
                    .get();
        }
        producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
        for (int partition = 0; partition < 2; partition++) {
            write("alerts", partition, "live", "too old", Duration.ofHours(-3));
            write("alerts", partition, "live", "perhaps", Duration.ofMinutes(-30));
            // Written by another machine, whose clock is behind.
            write("alerts", partition, "live", "out of order", Duration.ofHours(-2));
            write("alerts", partition, "live", "counts", Duration.ofHours(5));
            write("alerts", partition, "replay", "repeated", Duration.ofDays(9));
            write("late", partition, "live", "too old", Duration.ofHours(-3));
            write("late", partition, "replay", "repeated", Duration.ofDays(9));
        }
    }

    @AfterAll
    static void stop() {
        producer.close();
        kafka.close();
    }

    @Test
    void findingsAreReadFromALittleBeforeTheRange() throws IOException {
        Feeds feeds = TopicFeeds.ofAll(client, TOPICS).comparedWith("own", AFTER);

        assertThat(texts(feeds, Feed.ALERTS))
                .containsOnly("perhaps", "out of order", "counts")
                .hasSize(6);
    }

    @Test
    void lateRecordsAreReadFromTheBeginning() throws IOException {
        Feeds feeds = TopicFeeds.ofAll(client, TOPICS).comparedWith("own", AFTER);

        assertThat(texts(feeds, Feed.LATE)).containsOnly("too old").hasSize(2);
    }

    @Test
    void whatWasWrittenBeforeTheRangeAltogetherIsNotRead() throws IOException {
        Feeds feeds = TopicFeeds.ofAll(client, TOPICS).comparedWith("own", AFTER.plus(Duration.ofDays(30)));

        assertThat(texts(feeds, Feed.ALERTS)).isEmpty();
        assertThat(texts(feeds, Feed.SUPPRESSED)).isEmpty();
    }

    @Test
    void aRunsOwnFeedsAreReadWhole() throws IOException {
        assertThat(texts(TopicFeeds.ofRun(client, TOPICS, "of-replay"), Feed.ALERTS))
                .containsExactly("repeated", "repeated");
        assertThat(texts(TopicFeeds.ofAll(client, TOPICS), Feed.ALERTS)).hasSize(10);
    }

    private static List<String> texts(Feeds feeds, Feed feed) throws IOException {
        return feeds.read(feed).stream().map(JsonNode::asText).toList();
    }

    private static void write(String topic, int partition, String mode, String text, Duration written)
            throws Exception {
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(
                topic,
                partition,
                AFTER.plus(written).toEpochMilli(),
                null,
                ('"' + text + '"').getBytes(StandardCharsets.UTF_8));
        message.headers().add("run-mode", mode.getBytes(StandardCharsets.UTF_8));
        message.headers().add("run-id", ("of-" + mode).getBytes(StandardCharsets.UTF_8));
        producer.send(message).get();
    }
}
