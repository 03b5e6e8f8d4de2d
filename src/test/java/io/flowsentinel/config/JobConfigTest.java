package io.flowsentinel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobConfigTest {

    @Test
    void defaultsAreThoseOfTheContract() {
        JobConfig config = JobConfig.from(minimal());

        assertThat(config.source().continuous()).isFalse();
        assertThat(config.source().discovery().lookBack()).isEqualTo(Duration.ofDays(2));
        assertThat(config.source().format()).isEmpty();
        assertThat(config.time()).isEqualTo(new JobConfig.TimeConfig(Duration.ofSeconds(60), Duration.ofMinutes(10)));
        assertThat(config.connections().scope()).isEqualTo("vpc");
        assertThat(config.connections().timeouts()).isEmpty();
        assertThat(config.sinks().kafka().topics())
                .containsEntry("alerts", "vpc-flow-alerts")
                .containsEntry("connections", "vpc-flow-connections")
                .containsEntry("quarantine", "vpc-flow-quarantine")
                .containsEntry("late", "vpc-flow-late")
                .containsEntry("suppressed", "vpc-flow-suppressed");
        assertThat(config.parallelism()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source.mode | streaming | bounded, continuous",
                "source.from | yesterday | ISO-8601",
                "source.from | 2026-02-30 | ISO-8601",
                "source.from | 2026-01-15T25:00Z | ISO-8601",
                "source.from | 2026-01-15 09:00 | ISO-8601",
                "source.to | 2026-01-15Z | ISO-8601",
                "time.aggregation-interval | 20 min | 1 s to 600 s",
                "time.aggregation-interval | soon | a duration",
                "connection.timeout.idle | soon | a duration",
                "connection.timeout.idle | 0 s | a duration of 1 s or more",
                "connection.timeout.idle | 600 | '600' has no unit; expected a duration of 1 s or more, such as 600s",
                "time.max-delay | 600 | '600' has no unit; expected a duration of 0 s or more, such as 600s",
                "time.max-delay | -1s | a duration of 0 s or more",
                "time.max-delay | abc | a duration of 0 s or more",
                "source.read.back-off | soon | a duration of 0 s or more",
                "connection.update-interval | 500 ms | a duration of 1 s or more",
                "lists.files | a/blocked.txt;b/blocked.txt | text files, no two of one name",
                "connection.scope | region | vpc, account, global",
                "connection.open-events | perhaps | true or false",
                "alerts.sink | tape | kafka, files, print",
                "alerts.format | cef | ocsf, ecs",
                "topics.partitions | 0 | 1 or more",
                "topics.partitions | many | a whole number",
                "job.parallelism | 0 | 1 to 128",
                "job.parallelism | 100000 | 1 to 128",
                "job.parallelism | two | a whole number",
                "pipeline.max-parallelism | 100 | a power of two, 1 to 2048",
                "pipeline.max-parallelism | 4096 | a power of two, 1 to 2048",
                "pipeline.max-parallelism | many | a whole number",
                "sources.uri | x | no such key; did you mean source.uri?",
                "connection.timeouts.idle | 1 h | no such key; did you mean connection.timeout.idle?",
                "nope | x | no such key; expected a key of the table in the README, kafka.* or a key of Flink's"
            })
    void aWrongValueNamesKeyAndWhatIsAllowed(String key, String value, String allowed) {
        Configuration configuration = minimal();
        configuration.setString(key, value);

        assertThatThrownBy(() -> JobConfig.from(configuration))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageStartingWith(key + ":")
                .hasMessageContaining(allowed)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({"0 s", "0"})
    void recordsMayBeLateAtOnce(String nothing) {
        Configuration configuration = minimal();
        configuration.setString("time.max-delay", nothing);

        assertThat(JobConfig.from(configuration).time().maxDelay()).isZero();
    }

    @Test
    void aJobIsSpreadOverAsManyKeyGroupsAsThereAre() {
        Configuration configuration = minimal();
        configuration.setString("pipeline.max-parallelism", "512");
        configuration.setString("job.parallelism", "512");

        assertThat(JobConfig.from(configuration).parallelism()).contains(512);
    }

    @Test
    void clustersAndReplaysHaveTheSameKeyGroupsSoThatOneCanGoOnFromTheOther() {
        assertThat(Stream.of("cluster", "replay", "local")
                        .map(name -> JobConfig.load(Path.of("job-config", name + ".yaml"))
                                .get(PipelineOptions.MAX_PARALLELISM)))
                .containsOnly(JobConfig.USUAL_MAX_PARALLELISM);
    }

    /** A transaction is open from one checkpoint to the next that completes, and a restart needs its time as well. */
    @ParameterizedTest
    @ValueSource(strings = {"cluster", "replay"})
    void transactionsOutlastAsManyFailedCheckpointsAsAreTolerated(String name) {
        Configuration configuration = JobConfig.load(Path.of("job-config", name + ".yaml"));
        Duration checkpoint = configuration
                .get(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                .plus(configuration.get(CheckpointingOptions.CHECKPOINTING_TIMEOUT));
        int checkpoints = 1 + configuration.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER);

        assertThat(checkpoint.multipliedBy(checkpoints).plus(Duration.ofMinutes(3)))
                .isLessThanOrEqualTo(configuration.get(JobOptions.TRANSACTION_TIMEOUT));
    }

    @Test
    void aRangeMustNotEndBeforeItBegins() {
        Configuration configuration = minimal();
        configuration.setString("source.from", "2026-01-02");
        configuration.setString("source.to", "2026-01-01T23:00Z");

        assertThatThrownBy(() -> JobConfig.from(configuration))
                .hasMessageContaining("source.to: '2026-01-01T23:00:00Z'");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-15, 2026-01-15T00:00:00Z",
        "2026-01-15T09:00Z, 2026-01-15T09:00:00Z",
        "2026-01-15T09:00:30, 2026-01-15T09:00:30Z",
        "2026-01-15T09:00:00.25Z, 2026-01-15T09:00:00.250Z",
        "2026-01-15T09:00:00+01:00, 2026-01-15T08:00:00Z",
        "2026-01-15T09:00:00+0130, 2026-01-15T07:30:00Z",
        "2026-01-15T09:00-01, 2026-01-15T10:00:00Z",
        "2026-01-15T09+01, 2026-01-15T08:00:00Z",
        "20260115, 2026-01-15T00:00:00Z",
        "20260115T0900, 2026-01-15T09:00:00Z",
        "20260115T090000Z, 2026-01-15T09:00:00Z",
        "20260115T090000+0100, 2026-01-15T08:00:00Z"
    })
    void momentsAreIso8601AndUtcWhereNoZoneIsNamed(String text, Instant moment) {
        Configuration configuration = minimal();
        configuration.setString("source.from", text);

        assertThat(JobConfig.from(configuration).source().from()).isEqualTo(moment);
    }

    @Test
    void kafkaKeysGoToTheClientAndFlinkKeysAreLeftToFlink() {
        Configuration configuration = minimal();
        configuration.setString("kafka.security.protocol", "SASL_SSL");
        configuration.setString("s3.endpoint", "http://localhost:9000");

        JobConfig config = JobConfig.from(configuration);

        assertThat(config.sinks().kafka().client()).containsEntry("security.protocol", "SASL_SSL");
    }

    @Test
    void aMisspeltKeyOfFlinksIsFoundAndOthersAreNot() {
        Configuration configuration = minimal();
        for (String key : List.of(
                "execution.checkpointing.intervall",
                "execution.checkpointing.interval",
                "state.backend.type",
                "state.backend.rocksdb.memory.managed",
                "restart-strategy.exponential-delay.max-backoff",
                "restart-strategy",
                "metrics.reporter.prom.factory.class",
                "taskmanager.numberOfTaskSlots",
                "web.submit.enable",
                "env.java.opts.all",
                "s3.anything")) {
            configuration.setString(key, "1");
        }

        assertThat(JobConfig.unknownToFlink(configuration)).containsExactly("execution.checkpointing.intervall");
    }

    @ParameterizedTest
    @MethodSource
    void everyShippedFileLoads(Path file) {
        Configuration configuration = JobConfig.load(file);
        configuration.setString("source.uri", "s3://flow-logs/");
        configuration.setString("kafka.bootstrap.servers", "localhost:9092");

        assertThat(JobConfig.from(configuration)).isNotNull();
        assertThat(JobConfig.unknownToFlink(configuration)).isEmpty();
    }

    static Stream<Path> everyShippedFileLoads() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("job-config"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyKeyIsDescribedAndInTheReadme(ConfigOption<?> option) throws IOException {
        assertThat(option.description()).isNotNull();

        assertThat(Files.readString(Path.of("README.md"))).contains("`" + option.key() + "`");
    }

    static Stream<ConfigOption<?>> options() {
        return JobOptions.all().stream();
    }

    @Test
    void aFileThatIsNotYamlNamesTheLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("job.yaml"), "source:\n  uri: [s3://logs\n");

        assertThatThrownBy(() -> JobConfig.load(file))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("job.yaml line 3");
    }

    private static Configuration minimal() {
        Configuration configuration = new Configuration();
        configuration.setString("source.uri", "s3://flow-logs/");
        configuration.setString("kafka.bootstrap.servers", "localhost:9092");
        return configuration;
    }
}
