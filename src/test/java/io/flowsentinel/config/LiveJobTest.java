package io.flowsentinel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replay beside the live job: what it may not have in common with it. */
class LiveJobTest {

    private final Configuration replay = JobConfig.load(Path.of("job-config/replay.yaml"));

    LiveJobTest() {
        replay.setString("source.uri", "s3://logs");
        replay.setString("kafka.bootstrap.servers", "localhost:9092");
    }

    @Test
    void theShippedConfigurationsKeepClearOfEachOther() {
        Configuration live = JobConfig.load(Path.of("job-config/cluster.yaml"));

        assertThat(live.get(JobOptions.TRANSACTION_PREFIX)).isEqualTo(LiveJob.TRANSACTIONAL_ID_PREFIX);
        assertThat(LiveJob.TRANSACTIONAL_ID_PREFIX).startsWith(JobOptions.TRANSACTION_PREFIX.defaultValue());
        assertThat(JobConfig.from(replay).sinks().isReplay()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"flow-sentinel", "flow-sentinel-live", "flow", "flow-sentinel-live-again"})
    void aPrefixThatCouldMatchTheLiveJobsTransactionsIsRefused(String prefix) {
        replay.setString("sink.transactional-id-prefix", prefix);

        assertThatThrownBy(() -> JobConfig.from(replay))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageStartingWith("sink.transactional-id-prefix: '" + prefix + "' is not allowed; expected")
                .hasMessageContaining("flow-sentinel-live");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alerts", "connections", "quarantine", "late", "suppressed"})
    void theLiveTopicsAreWrittenToOnlyWhenThatIsAskedFor(String feed) {
        replay.setString(feed + ".kafka.topic", "vpc-flow-" + feed);

        assertThatThrownBy(() -> JobConfig.from(replay))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageStartingWith(feed + ".kafka.topic: 'vpc-flow-" + feed + "' is not allowed")
                .hasMessageContaining("job.into-live-topics");

        replay.setString("job.into-live-topics", "true");
        assertThat(JobConfig.from(replay).sinks().kafka().topics()).containsEntry(feed, "vpc-flow-" + feed);
    }

    @Test
    void aReplayIntoFilesHasNothingToKeepClearOf() {
        replay.setString("sink.transactional-id-prefix", "flow-sentinel");
        replay.setString("alerts.sink", "files");
        replay.setString("connections.sink", "none");
        replay.setString("output.dir", "out");

        assertThat(JobConfig.from(replay).sinks().usesKafka()).isFalse();
    }
}
