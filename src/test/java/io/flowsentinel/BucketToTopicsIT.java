package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.sink.Feed;
import io.flowsentinel.sink.FeedSchemas;
import io.flowsentinel.testing.KafkaBroker;
import io.flowsentinel.testing.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole line as users run it: objects in a bucket, feeds in the topics of a Kafka of their own. */
class BucketToTopicsIT {

    private static final Path SAMPLE = Path.of("src/sample/logs");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static S3Server s3;
    private static KafkaBroker kafka;

    @BeforeAll
    static void run() throws Exception {
        s3 = S3Server.start(folder);
        kafka = KafkaBroker.start(Map.of("num.partitions", "3"));
        s3.createBucket("flow-logs");
        for (Path file : sampleFiles()) {
            s3.put("flow-logs", "central/" + SAMPLE.relativize(file), Files.readAllBytes(file));
        }

        int exitCode = LocalRun.execute(
                "--input",
                "s3://flow-logs/central/",
                "--brokers",
                kafka.brokers(),
                "--parallelism",
                "4",
                "--quiet",
                "--set",
                "s3.endpoint=" + s3.endpoint(),
                "--set",
                "s3.path-style-access=true",
                "--set",
                "s3.access-key=local",
                "--set",
                "s3.secret-key=local",
                "--set",
                "s3.region=us-east-1");

        assertThat(exitCode).isZero();
    }

    @AfterAll
    static void stop() {
        kafka.close();
        s3.close();
    }

    @Test
    void everyIncidentIsInTheAlertTopicOnce() throws IOException {
        List<String> created = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> message : kafka.committed("vpc-flow-alerts")) {
            JsonNode alert = JSON.readTree(message.value());
            assertThat(new String(message.key(), StandardCharsets.UTF_8))
                    .isEqualTo(alert.at("/finding_info/uid").asText());
            if (alert.get("activity_id").asInt() == 1) {
                created.add(alert.at("/metadata/event_code").asText());
            }
        }

        assertThat(created)
                .containsExactlyInAnyOrder("port-scan", "host-sweep", "exposed-admin-service", "nacl-reply-drop");
    }

    /** A compacted topic ends with the last message of each finding, and a reader knows it by that alone. */
    @Test
    void messagesOfOneFindingAreInTheirOrder() throws IOException {
        Map<String, List<Integer>> activities = new TreeMap<>();
        Map<String, List<Long>> times = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> message : kafka.committed("vpc-flow-alerts")) {
            JsonNode alert = JSON.readTree(message.value());
            String finding = alert.at("/finding_info/uid").asText();
            activities
                    .computeIfAbsent(finding, unseen -> new ArrayList<>())
                    .add(alert.get("activity_id").asInt());
            times.computeIfAbsent(finding, unseen -> new ArrayList<>())
                    .add(alert.get("time").asLong());
        }

        assertThat(activities.values())
                .anySatisfy(all -> assertThat(all).hasSizeGreaterThan(1))
                .allSatisfy(all -> assertThat(all).isSorted().startsWith(1));
        assertThat(times.values()).allSatisfy(all -> assertThat(all).isSorted());
    }

    @Test
    void everyMessageSaysWhichRunAndRuleWroteIt() {
        for (ConsumerRecord<byte[], byte[]> message : kafka.committed("vpc-flow-alerts")) {
            assertThat(message.headers())
                    .extracting(header -> header.key())
                    .contains("schema-version", "rule-id", "rule-version", "run-id", "run-mode");
        }
    }

    @Test
    void missingTopicsAreCreatedAsTheBrokerIsSetUp() throws Exception {
        try (Admin admin = kafka.admin()) {
            var topics = admin.describeTopics(List.of("vpc-flow-alerts", "vpc-flow-late"))
                    .allTopicNames()
                    .get();

            assertThat(topics.values())
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(3));
        }
    }

    @Test
    void everyConnectionIsThereOnce() {
        Set<String> closed = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> message : kafka.committed("vpc-flow-connections")) {
            String line = new String(message.value(), StandardCharsets.UTF_8);
            if (line.contains("\"event\":\"close\"")) {
                assertThat(closed.add(new String(message.key(), StandardCharsets.UTF_8)))
                        .isTrue();
            }
        }

        assertThat(closed).hasSizeGreaterThan(5_000);
    }

    @ParameterizedTest
    @EnumSource
    void everyMessageKeepsToTheSchemaOfItsFeed(Feed feed) {
        assertThat(kafka.committed("vpc-flow-" + feed.directory())).allSatisfy(message -> {
            assertThat(FeedSchemas.faults(feed, new String(message.value(), StandardCharsets.UTF_8)))
                    .isEmpty();
        });
    }

    private static List<Path> sampleFiles() throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLE)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
