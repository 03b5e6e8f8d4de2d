package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.detect.RuleCoverage;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.sink.FeedFiles;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.source.FlowLogSource;
import io.flowsentinel.testing.RunOutput;
import io.flowsentinel.testing.SampleFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A replay that loses its task manager in the middle of an object, and one from a savepoint taken in the middle of one. */
@Timeout(180)
class ReplayKilledIT {

    /** In the middle of the host sweep. */
    private static final String STOPPED_IN = "_20260115T1020Z_";

    private static final int STOPPED_BEFORE_LINE = 100;

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    static Path folder;

    private static RunOutput reference;

    private StoppingLines.Stop stop;
    private Path input = SampleFiles.FOLDER;

    @BeforeAll
    static void runOnce() {
        Path output = folder.resolve("reference");
        assertThat(LocalRun.execute(
                        "--input=" + SampleFiles.FOLDER, "--output=" + output, "--parallelism=1", "--quiet"))
                .isZero();
        reference = new RunOutput(output);
    }

    @BeforeEach
    void stopInTheMiddleOfAnObject() throws Exception {
        try (Stream<Path> objects = Files.walk(SampleFiles.FOLDER)) {
            String name = objects.map(object -> object.getFileName().toString())
                    .filter(object -> object.contains(STOPPED_IN))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            stop = new StoppingLines.Stop(name, STOPPED_BEFORE_LINE);
        }
        StoppingLines.reset();
    }

    @Test
    void aReplayWhoseTaskManagerIsKilledSaysEverythingOnce(@InjectMiniCluster MiniCluster cluster) throws Exception {
        Path output = folder.resolve("killed");
        JobClient job = start(output, null);
        StoppingLines.awaitStop();
        CommonTestUtils.waitForCheckpoint(job.getJobID(), cluster, 2);

        cluster.terminateTaskManager(0).get();
        StoppingLines.goOn();
        cluster.startTaskManager();
        job.getJobExecutionResult().get();

        FeedFiles.deleteUnfinished(output.toUri());
        for (String feed : RunOutput.FEEDS) {
            assertThat(new RunOutput(output).lines(feed)).as(feed).isEqualTo(reference.lines(feed));
        }
    }

    @Test
    void aSavepointInTheMiddleOfAnObjectIsGoneOnFromThere() throws Exception {
        Path output = folder.resolve("stopped");
        JobClient job = start(output, null);
        StoppingLines.awaitStop();
        String savepoint = job.stopWithSavepoint(
                        false, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        StoppingLines.goOn();
        FeedFiles.deleteUnfinished(output.toUri());

        Path rest = folder.resolve("rest");
        stop = StoppingLines.NEVER;
        start(rest, savepoint).getJobExecutionResult().get();

        FeedFiles.deleteUnfinished(rest.toUri());
        for (String feed : RunOutput.FEEDS) {
            List<String> both = RunOutput.lines(feed, new RunOutput(output), new RunOutput(rest));
            assertThat(both).as(feed).isEqualTo(reference.lines(feed));
        }
    }

    @Test
    void anInputThatWasMovedIsGoneOnWithFromTheMiddleOfAnObjectAndNothingCountsTwice() throws Exception {
        Path output = folder.resolve("before-move");
        JobClient job = start(output, null);
        StoppingLines.awaitStop();
        String savepoint = job.stopWithSavepoint(
                        false, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        StoppingLines.goOn();
        FeedFiles.deleteUnfinished(output.toUri());
        Path moved = folder.resolve("moved");
        SampleFiles.copyTo(moved);

        Path rest = folder.resolve("after-move");
        stop = StoppingLines.NEVER;
        input = moved;
        JobExecutionResult result =
                start(rest, savepoint).getJobExecutionResult().get();

        FeedFiles.deleteUnfinished(rest.toUri());
        List<String> both = RunOutput.lines("connections", new RunOutput(output), new RunOutput(rest));
        assertThat(both).isEqualTo(reference.lines("connections"));
        assertThat(KeepAccounts.of(result).get("records_duplicate")).isPositive();
        assertThat(KeepAccounts.of(result).get("records_late"))
                .isEqualTo(reference.report().get("records_late").asLong());
    }

    private JobClient start(Path output, String savepoint) throws Exception {
        FeedFiles.createDirectories(output.toUri());
        Configuration settings = new Configuration();
        settings.setString("source.uri", input.toAbsolutePath().toUri().toString());
        settings.setString("source.allow-other-input", String.valueOf(!input.equals(SampleFiles.FOLDER)));
        settings.setString("alerts.sink", "files");
        settings.setString("connections.sink", "files");
        settings.setString("output.dir", output.toString());
        settings.setString("job.run-mode", "replay");
        settings.setString("job.replay-id", output.getFileName().toString());
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(500));
        if (savepoint != null) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
            settings.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        }
        StageSettings stages = new StageSettings(JobConfig.from(settings));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(2);
        env.setMaxParallelism(JobConfig.USUAL_MAX_PARALLELISM);
        FlowLogTopology.build(
                env,
                new FlowLogSource<>(
                        stages.source(),
                        new StoppingLines(
                                new ParseObjects(stages.parser(), RuleCoverage.of(Rules.defaults(), false)), stop)),
                stages,
                Rules.defaults(),
                stages.sinks("run"));
        return env.executeAsync();
    }
}
