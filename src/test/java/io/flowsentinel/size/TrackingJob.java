package io.flowsentinel.size;

import io.flowsentinel.lifecycle.FlowBlock;
import io.flowsentinel.lifecycle.GatherFlows;
import io.flowsentinel.lifecycle.LiveFeed;
import io.flowsentinel.lifecycle.Timeouts;
import io.flowsentinel.lifecycle.TrackConnections;
import io.flowsentinel.model.Notice;
import io.flowsentinel.model.RulesChange;
import io.flowsentinel.serde.Nouns;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.OutputTag;

/**
 * The lifecycle stage between the estate and a sink that only counts, in a Flink cluster of this JVM, taken from step to
 * step. Wired as in the job: real key exchange, the job's serializers, checkpoints in files.
 */
final class TrackingJob implements AutoCloseable {

    private static final String TRACKER = "track-connections";

    private static final OutputTag<Notice> LOST = new OutputTag<>("lost", Nouns.NOTICE);

    /** As good as never: without checkpoints there would be none at the points either. */
    private static final Duration ONLY_AT_POINTS = Duration.ofDays(300);

    /** A full collection of a large heap or a checkpoint of gigabytes is no failure. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final int REMEMBERED_CHECKPOINTS = 10_000;

    private final Gate gate;
    private final Path savepoints;
    private final MiniCluster flink;
    private final JobID job;
    private final JobVertexID tracker;
    private final CompletableFuture<JobResult> result;

    private TrackingJob(Gate gate, MiniCluster flink, JobGraph graph, Path savepoints) throws Exception {
        this.gate = gate;
        this.savepoints = savepoints;
        this.flink = flink;
        flink.submitJob(graph).get();
        this.job = graph.getJobID();
        this.tracker = vertexOfTracker(graph);
        this.result = flink.requestJobResult(job);
        CommonTestUtils.waitForAllTaskRunning(flink, job, false);
    }

    /** @param dir of this run alone */
    static TrackingJob start(SizeOptions options, String backend, List<Step> steps, Path dir) throws Exception {
        Gate gate = Gate.ofNewRun(steps.size(), options.parallelism);
        Configuration settings = settings(options, backend, dir);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        build(env, new EstateSource(options.interfaces, steps));
        MiniCluster flink = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(options.parallelism)
                .withRandomPorts()
                .build());
        flink.start();
        return new TrackingJob(gate, flink, env.getStreamGraph().getJobGraph(), dir.resolve("savepoints"));
    }

    private static Configuration settings(SizeOptions options, String backend, Path dir) {
        Duration interval = options.checkpointInterval.isZero() ? ONLY_AT_POINTS : options.checkpointInterval;
        Configuration settings = new Configuration();
        settings.set(CoreOptions.DEFAULT_PARALLELISM, options.parallelism);
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(StateBackendOptions.STATE_BACKEND, backend);
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, options.managedMemory);
        settings.set(RocksDBOptions.LOCAL_DIRECTORIES, rocksDb(dir).toString());
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                dir.resolve("checkpoints").toUri().toString());
        settings.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO);
        settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
        settings.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, PATIENCE);
        settings.set(ExecutionOptions.SNAPSHOT_COMPRESSION, options.compression);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        settings.set(RpcOptions.ASK_TIMEOUT_DURATION, PATIENCE);
        settings.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, PATIENCE);
        settings.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, REMEMBERED_CHECKPOINTS);
        options.flink.forEach(settings::setString);
        return settings;
    }

    private static void build(StreamExecutionEnvironment env, EstateSource estate) {
        var flows = env.fromSource(estate, WatermarkStrategy.noWatermarks(), "read-estate", Nouns.FLOW_RECORD)
                .uid("read-estate");
        Timeouts timeouts = Timeouts.defaults(Duration.ofSeconds(60));
        LiveFeed feed = LiveFeed.updatesEvery(Duration.ofHours(6));
        flows.transform("gather-flows", FlowBlock.TYPE, new GatherFlows())
                .uid("gather-flows")
                .keyBy(FlowBlock::key, Types.INT)
                .connect(flows.getSideOutput(LOST).broadcast(TrackConnections.LOST_RECORDS))
                .process(new TrackConnections(timeouts, feed, RulesChange.given("", List.of(), "")))
                .returns(Nouns.LIFECYCLE_EVENT)
                .uid(TRACKER)
                .name(TRACKER)
                .sinkTo(new CountCloses())
                .uid("count-closes");
    }

    private static JobVertexID vertexOfTracker(JobGraph graph) {
        for (JobVertex one : graph.getVertices()) {
            if (one.getName().contains(TRACKER)) {
                return one.getID();
            }
        }
        throw new IllegalStateException("no vertex " + TRACKER);
    }

    static Path rocksDb(Path dir) {
        return dir.resolve("rocksdb");
    }

    /** Lets the source take a step; returns when it holds again. What it gave may still be under way. */
    void take(int step) throws Exception {
        gate.open(step);
        while (!gate.awaitAll(step, LOOK_EVERY)) {
            if (result.isDone()) {
                result.get().toJobExecutionResult(TrackingJob.class.getClassLoader());
                throw new IllegalStateException("the job has ended before its source");
            }
        }
    }

    /** Takes a checkpoint. It comes behind everything the source gave, so all of that has then been worked. */
    CheckpointSize checkpoint() throws Exception {
        long id = flink.triggerCheckpoint(job, CheckpointType.CONFIGURED).get();
        return checkpointsAfter(id - 1).get(0);
    }

    /** Takes a savepoint in the canonical format, which holds what is live and nothing else; it is not kept. */
    long savepointBytes() throws Exception {
        String path = flink.triggerSavepoint(job, savepoints.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get();
        Path savepoint = Path.of(URI.create(path));
        long bytes = FileSizes.in(savepoint, "");
        FileUtils.deleteDirectory(savepoint.toFile());
        return bytes;
    }

    /** Completed checkpoints with greater ids, the first one first. */
    List<CheckpointSize> checkpointsAfter(long id) throws Exception {
        return flink.getExecutionGraph(job).get().getCheckpointStatsSnapshot().getHistory().getCheckpoints().stream()
                .filter(one -> one.getCheckpointId() > id)
                .filter(CompletedCheckpointStats.class::isInstance)
                .filter(one -> !one.getProperties().isSavepoint())
                .map(one -> CheckpointSize.of((CompletedCheckpointStats) one, tracker))
                .sorted(Comparator.comparingLong(CheckpointSize::id))
                .toList();
    }

    /** So far. */
    long records() {
        return gate.records();
    }

    /** So far. */
    long closes() {
        return gate.closes();
    }

    @Override
    public void close() throws Exception {
        if (!result.isDone()) {
            flink.cancelJob(job).get();
            result.get();
        }
        flink.close();
    }
}
