package io.flowsentinel.local;

import io.flowsentinel.config.JobConfig;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A Flink cluster inside this JVM, with its web page. */
final class LocalFlink implements AutoCloseable {

    private static final String LOCALHOST = "localhost";

    /** The usual port, or the next one that is free. */
    private static final String PORTS = "8081-8280";

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final MiniCluster cluster;

    private LocalFlink(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /** What a cluster with room for this parallelism needs, where the settings do not say. */
    static void complete(Configuration settings, int parallelism) {
        setIfAbsent(settings, RestOptions.ADDRESS, LOCALHOST);
        setIfAbsent(settings, RestOptions.BIND_ADDRESS, LOCALHOST);
        if (!settings.contains(RestOptions.PORT)) {
            setIfAbsent(settings, RestOptions.BIND_PORT, PORTS);
        }
        settings.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        if (!settings.contains(TaskManagerOptions.NETWORK_MEMORY_MAX)) {
            MemorySize network = MemorySize.ofMebiBytes(64 + 32L * parallelism);
            settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, network);
            settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, network);
        }
    }

    /**
     * Reads the settings a cluster needs and starts nothing.
     *
     * @throws RuntimeException of Flink for one that cannot be used
     */
    static void check(Configuration settings) {
        configuration(settings);
    }

    /** Starts a cluster; its settings are {@link #complete}. */
    static LocalFlink start(Configuration settings) throws Exception {
        MiniCluster cluster = new MiniCluster(configuration(settings));
        try {
            cluster.start();
            return new LocalFlink(cluster);
        } catch (Exception e) {
            cluster.closeAsync().join();
            throw e;
        }
    }

    URI webPage() throws ExecutionException, InterruptedException {
        return cluster.getRestAddress().get();
    }

    /** Starts a job and returns what it will have come to. */
    CompletableFuture<JobResult> submit(JobGraph graph) throws ExecutionException, InterruptedException {
        cluster.submitJob(graph).get();
        return cluster.requestJobResult(graph.getJobID());
    }

    /** Ends a running job in good order: what it has read so far is committed. Else cancels it. */
    void stop(JobID job, java.nio.file.Path savepoints) throws InterruptedException, ExecutionException {
        try {
            cluster.stopWithSavepoint(job, savepoints.toUri().toString(), false, SavepointFormatType.NATIVE)
                    .get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
                cluster.cancelJob(job).get();
            }
        }
    }

    /** Stops a job where it is, with a savepoint that any version and backend can go on from; says where that is. */
    CompletableFuture<String> stopForAnother(JobID job, String savepoints) {
        return cluster.stopWithSavepoint(job, savepoints, false, SavepointFormatType.CANONICAL);
    }

    private static MiniClusterConfiguration configuration(Configuration settings) {
        return new MiniClusterConfiguration.Builder()
                .setConfiguration(JobConfig.forFlink(settings))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(settings.get(TaskManagerOptions.NUM_TASK_SLOTS))
                .build();
    }

    @Override
    public void close() {
        cluster.closeAsync().join();
    }

    private static void setIfAbsent(
            Configuration settings, org.apache.flink.configuration.ConfigOption<String> option, String value) {
        if (!settings.contains(option)) {
            settings.set(option, value);
        }
    }
}
