package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.detect.RuleCoverage;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.sink.FeedFiles;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.source.FlowLogSource;
import io.flowsentinel.testing.ConnectionInvariants;
import io.flowsentinel.testing.Redelivery;
import io.flowsentinel.testing.RunOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sample with its records and objects in a random order, at a random parallelism, stopped in the middle of a random
 * object and gone on with at another parallelism: nothing is late, and the feeds are those of one run from end to end.
 */
class AnyOrderIT {

    private static final Path SAMPLE = Path.of("src/sample/logs");
    private static final int SLOTS = 4;

    /** A bounded run ends with a checkpoint. One that is stopped has none, so that only its savepoint counts. */
    private static final Duration CHECKPOINTS = Duration.ofMillis(100);

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(SLOTS)
            .build());

    @TempDir
    static Path folder;

    private static Feeds reference;

    @BeforeAll
    static void runFromEndToEnd() throws Exception {
        Path out = folder.resolve("reference");
        JobExecutionResult result = start(SAMPLE, out, 1, null, StoppingLines.NEVER)
                .getJobExecutionResult()
                .get();
        reference = Feeds.of(result, out);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void orderParallelismAndARestartChangeNothing(long seed) throws Exception {
        Random random = new Random(seed);
        Path logs = folder.resolve("logs-" + seed);
        new Redelivery(SAMPLE, random).into(logs);
        Path out = folder.resolve("out-" + seed);
        StoppingLines.Stop stop = new StoppingLines.Stop(objectOf(logs, random), 2 + random.nextInt(10));
        int before = 1 + random.nextInt(SLOTS);
        int after = 1 + random.nextInt(SLOTS);

        String savepoint = runUntil(stop, logs, out, before, folder.resolve("savepoints"));
        JobExecutionResult result = start(logs, out, after, savepoint, StoppingLines.NEVER)
                .getJobExecutionResult()
                .get();

        Feeds feeds = Feeds.of(result, out);
        assertThat(feeds.late()).isZero();
        assertThat(feeds.connections()).isEqualTo(reference.connections());
        assertThat(feeds.alerts()).isEqualTo(reference.alerts());
        assertThat(feeds.records()).isEqualTo(reference.records());
        ConnectionInvariants.of(new RunOutput(out).connections())
                .hold()
                .accountFor(feeds.records(), KeepAccounts.of(result).get("records_duplicate"), feeds.late());
    }

    /** What a run has written, and how many records were usable and how many late. */
    private record Feeds(List<String> connections, List<String> alerts, long records, long late) {

        static Feeds of(JobExecutionResult result, Path out) throws IOException {
            FeedFiles.deleteUnfinished(out.toUri());
            RunOutput output = new RunOutput(out);
            return new Feeds(
                    output.lines("connections"),
                    output.withoutRecords("alerts"),
                    KeepAccounts.of(result).get("records_ok"),
                    KeepAccounts.of(result).get("records_late"));
        }
    }

    private static String objectOf(Path logs, Random random) throws IOException {
        try (Stream<Path> files = Files.walk(logs)) {
            List<String> objects = files.filter(Files::isRegularFile)
                    .filter(AnyOrderIT::hasRecords)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
            return objects.get(random.nextInt(objects.size()));
        }
    }

    private static boolean hasRecords(Path object) {
        try {
            return Redelivery.lines(object).size() > 12;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String runUntil(StoppingLines.Stop stop, Path logs, Path out, int parallelism, Path savepoints)
            throws Exception {
        StoppingLines.reset();
        JobClient job = start(logs, out, parallelism, null, stop);
        StoppingLines.awaitStop();
        String savepoint = job.triggerSavepoint(savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        job.cancel().get();
        StoppingLines.goOn();
        return savepoint;
    }

    private static JobClient start(Path logs, Path out, int parallelism, String savepoint, StoppingLines.Stop stop)
            throws Exception {
        FeedFiles.createDirectories(out.toUri());
        Configuration settings = new Configuration();
        settings.setString("source.uri", logs.toString());
        settings.setString("alerts.sink", "files");
        settings.setString("connections.sink", "files");
        settings.setString("output.dir", out.toString());
        // Without checkpoints Flink does not align: what is in a savepoint would be there at least once.
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, stop.line() > 0 ? Duration.ofHours(1) : CHECKPOINTS);
        if (savepoint != null) {
            settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StageSettings stages = new StageSettings(JobConfig.from(settings));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(parallelism);
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
