package io.flowsentinel.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.BatchExecutionOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.configuration.StateLatencyTrackOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.StateSizeTrackOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;

/** Flink's own keys that may stand among the job's: they go to Flink as they are. */
final class FlinkKeys {

    private static final List<String> PREFIXES = List.of(
            "execution.",
            "state.",
            "restart-strategy.",
            "parallelism.",
            "pipeline.",
            "taskmanager.",
            "jobmanager.",
            "rest.",
            "metrics.",
            "s3.",
            "fs.",
            "io.",
            "akka.",
            "pekko.",
            "heartbeat.",
            "high-availability.",
            "env.",
            "web.");

    /** Below these anything goes: names of the user's own, and options of plugins and back ends not at hand here. */
    private static final List<String> OPEN = List.of(
            "s3.",
            "fs.",
            "env.",
            "metrics.reporter.",
            "state.backend.rocksdb.",
            "state.backend.forst.",
            "high-availability.",
            "pipeline.default-kryo-serializers",
            "pipeline.global-job-parameters");

    private static final Set<String> DECLARED = Stream.of(
                    BatchExecutionOptions.class,
                    CheckpointingOptions.class,
                    CoreOptions.class,
                    DeploymentOptions.class,
                    ExecutionOptions.class,
                    HeartbeatManagerOptions.class,
                    HighAvailabilityOptions.class,
                    JobManagerOptions.class,
                    MetricOptions.class,
                    NettyShuffleEnvironmentOptions.class,
                    PipelineOptions.class,
                    RestOptions.class,
                    RestartStrategyOptions.class,
                    RpcOptions.class,
                    StateBackendOptions.class,
                    StateChangelogOptions.class,
                    StateLatencyTrackOptions.class,
                    StateRecoveryOptions.class,
                    StateSizeTrackOptions.class,
                    TaskManagerOptions.class,
                    WebOptions.class)
            .flatMap(declaring -> DeclaredOptions.of(declaring).stream())
            .flatMap(FlinkKeys::names)
            .collect(Collectors.toUnmodifiableSet());

    private FlinkKeys() {}

    /** Whether a key has one of Flink's prefixes. */
    static boolean mayStandHere(String key) {
        return PREFIXES.stream().anyMatch(key::startsWith) || DECLARED.contains(key);
    }

    /** Whether a key looks like Flink's and is not. */
    static boolean unknown(String key) {
        return PREFIXES.stream().anyMatch(key::startsWith)
                && OPEN.stream().noneMatch(key::startsWith)
                && !DECLARED.contains(key);
    }

    /** Former names still work. */
    private static Stream<String> names(ConfigOption<?> option) {
        Stream<String> former =
                StreamSupport.stream(option.fallbackKeys().spliterator(), false).map(FallbackKey::getKey);
        return Stream.concat(Stream.of(option.key()), former);
    }
}
