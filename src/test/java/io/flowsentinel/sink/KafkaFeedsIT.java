package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.LateRecord;
import io.flowsentinel.model.QuarantinedLine;
import io.flowsentinel.serde.Nouns;
import io.flowsentinel.testing.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaFeedsIT {

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final int MESSAGES = 400;

    private static KafkaBroker kafka;

    @BeforeAll
    static void startBroker() {
        kafka = KafkaBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void eachAlertIsReadOnceAlsoAcrossAFailure() throws Exception {
        KafkaSettings settings = settings("once");
        createTopics(settings);
        StreamExecutionEnvironment env = environment();
        DataGeneratorSource<Alert> source = new DataGeneratorSource<>(
                number -> Samples.alert(Activity.CREATE, null, findingId(number)),
                MESSAGES,
                RateLimiterStrategy.perSecond(MESSAGES / 2.0),
                Nouns.ALERT);
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "alerts")
                .uid("alerts")
                .map(new FailsOnce<>())
                .returns(Nouns.ALERT)
                .uid("fail-once")
                .sinkTo(Sinks.kafka(settings, encoders()).alerts())
                .uid("write-alerts");
        FailsOnce.arm();

        env.execute();

        assertThat(FailsOnce.hasFailed()).isTrue();
        List<ConsumerRecord<byte[], byte[]>> read = kafka.committed("once-alerts");
        assertThat(read.stream().map(KafkaFeedsIT::key).sorted().toList())
                .isEqualTo(IntStream.range(0, MESSAGES)
                        .mapToObj(KafkaFeedsIT::findingId)
                        .toList());
        assertThat(read).allSatisfy(message -> {
            assertThat(FeedSchemas.faults(Feed.ALERTS, text(message.value()))).isEmpty();
            assertThat(headers(message))
                    .isEqualTo(Map.of(
                            "schema-version", "1",
                            "run-id", "run-1",
                            "run-mode", "replay",
                            "rule-id", "port-scan",
                            "rule-version", "1"));
        });
    }

    @Test
    void everyFeedHasItsTopicKeyAndSchema() throws Exception {
        KafkaSettings settings = settings("all");
        createTopics(settings);
        Connection connection = Samples.connection().build();
        Alert suppressed = Samples.alert(Activity.CREATE, "dry-run");
        StreamExecutionEnvironment env = environment();
        Sinks sinks = Sinks.kafka(settings, encoders());
        write(env, "connections", connection, Nouns.CONNECTION, sinks.connections());
        write(env, "suppressed", suppressed, Nouns.ALERT, sinks.suppressed());
        write(
                env,
                "quarantine",
                new QuarantinedLine("file:/x", 1, "x", "too few fields", 0),
                Nouns.QUARANTINED_LINE,
                sinks.quarantine());
        write(env, "late", new LateRecord(Samples.RECORD, "2 x", 1), Nouns.LATE_RECORD, sinks.late());

        env.execute();

        assertOnly("all-connections", Feed.CONNECTIONS, connection.id());
        assertOnly("all-suppressed", Feed.SUPPRESSED, suppressed.findingId());
        assertOnly("all-quarantine", Feed.QUARANTINE, "file:/x");
        assertOnly("all-late", Feed.LATE, Samples.RECORD.object());
    }

    private static void assertOnly(String topic, Feed feed, String key) {
        assertThat(kafka.committed(topic)).singleElement().satisfies(message -> {
            assertThat(key(message)).isEqualTo(key);
            assertThat(FeedSchemas.faults(feed, text(message.value()))).isEmpty();
            assertThat(headers(message))
                    .containsEntry("schema-version", "1")
                    .containsEntry("run-id", "run-1")
                    .containsEntry("run-mode", "replay");
        });
    }

    private static <T> void write(
            StreamExecutionEnvironment env, String name, T element, TypeInformation<T> type, Sink<T> sink) {
        env.fromData(type, element).uid("read-" + name).sinkTo(sink).uid("write-" + name);
    }

    private static StreamExecutionEnvironment environment() {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setRuntimeMode(RuntimeExecutionMode.STREAMING);
        env.setParallelism(2);
        env.enableCheckpointing(200);
        return env;
    }

    private static Encoders encoders() {
        return new Encoders(AlertFormat.OCSF, Samples.TEN);
    }

    private static KafkaSettings settings(String prefix) {
        Map<Feed, String> topics = KafkaSettings.defaultTopics();
        topics.replaceAll((feed, name) -> prefix + "-" + feed.directory());
        return new KafkaSettings(
                kafka.brokers(),
                Map.of("linger.ms", "0"),
                topics,
                prefix,
                Duration.ofMinutes(15),
                new RunLabel("run-1", RunLabel.Mode.REPLAY));
    }

    private static void createTopics(KafkaSettings settings) throws Exception {
        new KafkaTopics(2, KafkaTopics.BROKER_DEFAULT, Duration.ofSeconds(30))
                .create(
                        settings.brokers(),
                        Map.of(),
                        new ArrayList<>(settings.topics().values()));
    }

    private static String findingId(long number) {
        return "%032x".formatted(number);
    }

    private static String key(ConsumerRecord<byte[], byte[]> message) {
        return text(message.key());
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> message) {
        return StreamSupport.stream(message.headers().spliterator(), false)
                .collect(Collectors.toMap(header -> header.key(), header -> text(header.value())));
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
