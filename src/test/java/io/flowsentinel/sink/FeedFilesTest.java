package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection;
import io.flowsentinel.serde.Nouns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FeedFilesTest {

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    private static final int LINES = 300;

    @TempDir
    private Path output;

    @Test
    void eachConnectionIsOneLineAlsoAcrossAFailureAndNothingElseIsLeft() throws Exception {
        FeedFiles.createDirectories(output.toUri());
        StreamExecutionEnvironment env = environment();
        DataGeneratorSource<Connection> source = new DataGeneratorSource<>(
                number -> Samples.connection().id(id(number)).build(),
                LINES,
                RateLimiterStrategy.perSecond(LINES),
                Nouns.CONNECTION);
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "connections")
                .uid("connections")
                .map(new FailsOnce<>())
                .returns(Nouns.CONNECTION)
                .uid("fail-once")
                .sinkTo(Sinks.files(output.toUri(), new Encoders(AlertFormat.OCSF, Samples.TEN))
                        .connections())
                .uid("write-connections");
        FailsOnce.arm();

        env.execute();
        FeedFiles.deleteUnfinished(output.toUri());

        assertThat(FailsOnce.hasFailed()).isTrue();
        List<Path> files = files("connections");
        assertThat(files)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file.getFileName().toString()).matches("connections-[^.]+\\.jsonl"));
        List<String> lines = lines(files);
        assertThat(lines).hasSize(LINES).allSatisfy(line -> assertThat(FeedSchemas.faults(Feed.CONNECTIONS, line))
                .isEmpty());
        assertThat(lines)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, LINES)
                        .mapToObj(number -> new String(
                                new OcsfConnection(Samples.TEN)
                                        .value(Samples.connection()
                                                .id(id(number))
                                                .build()),
                                java.nio.charset.StandardCharsets.UTF_8))
                        .toList());
    }

    @Test
    void aFeedWithNothingToSayIsAnEmptyDirectory() throws Exception {
        FeedFiles.createDirectories(output.toUri());

        for (Feed feed : Feed.values()) {
            assertThat(output.resolve(feed.directory())).isEmptyDirectory();
        }
    }

    private List<Path> files(String feed) throws IOException {
        try (Stream<Path> files = Files.list(output.resolve(feed))) {
            return files.toList();
        }
    }

    private static List<String> lines(List<Path> files) throws IOException {
        List<String> lines = new java.util.ArrayList<>();
        for (Path file : files) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }

    private static StreamExecutionEnvironment environment() {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 2);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(2);
        env.enableCheckpointing(100);
        return env;
    }

    private static String id(long number) {
        return "%032x".formatted(number);
    }
}
