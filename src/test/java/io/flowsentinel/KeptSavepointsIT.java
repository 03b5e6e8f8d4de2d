package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.detect.RuleCoverage;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Connection;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.sink.Sinks;
import io.flowsentinel.source.FlowLogSource;
import io.flowsentinel.testing.Collected;
import io.flowsentinel.testing.S3Server;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Savepoints in canonical format that earlier versions have written, one folder a version, restored by this one with
 * either backend: the job goes on as if it had never stopped.
 *
 * <p>A version that writes another format keeps a savepoint of its own before it is released:
 *
 * <pre>
 * mvn -B test-compile surefire:test -Dtest=KeptSavepointsIT -Dkeep.savepoint=2
 * </pre>
 */
class KeptSavepointsIT {

    private static final Path KEPT = Path.of("src/test/resources/io/flowsentinel/savepoints");

    /** In the middle of the object of half past. */
    private static final int STOPPED_IN = 6;

    private static final StoppingLines.Stop STOP = new StoppingLines.Stop(KeptLogs.objectOf(STOPPED_IN), 40);

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    static Path folder;

    private static S3Server server;
    private static Run uninterrupted;

    /** What one run has published. */
    private record Run(Collected<Connection> connections, Collected<Alert> alerts, Collected<Alert> suppressed) {

        static Run named(String name) {
            return new Run(
                    new Collected<>(name + "-connections"),
                    new Collected<>(name + "-alerts"),
                    new Collected<>(name + "-suppressed"));
        }

        Sinks sinks() {
            Sinks nowhere = Sinks.nowhere();
            return new Sinks(alerts, connections, nowhere.quarantine(), nowhere.late(), suppressed);
        }
    }

    @BeforeAll
    static void runFromEndToEnd() throws Exception {
        server = S3Server.start(folder);
        KeptLogs.publish(server);
        FileSystem.initialize(s3(), null);
        uninterrupted = Run.named("uninterrupted");
        start(uninterrupted, 1, "hashmap", null, StoppingLines.NEVER)
                .getJobExecutionResult()
                .get();
    }

    @AfterAll
    static void stopServer() {
        FileSystem.initialize(new Configuration(), null);
        server.close();
    }

    /** Unpacked: they are kept compressed. */
    static List<Arguments> savepoints() throws Exception {
        List<Arguments> unpacked = new ArrayList<>();
        for (Path kept : filesOf(KEPT)) {
            Path savepoint = Files.createDirectories(folder.resolve(kept.getFileName()));
            try (InputStream in = new GZIPInputStream(Files.newInputStream(kept.resolve("_metadata.gz")))) {
                Files.copy(in, savepoint.resolve("_metadata"));
            }
            unpacked.add(Arguments.of(savepoint, "hashmap"));
            unpacked.add(Arguments.of(savepoint, "rocksdb"));
        }
        return unpacked;
    }

    private static List<Path> filesOf(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("savepoints")
    void aKeptSavepointGoesOnAsIfItHadNeverStopped(Path savepoint, String backend) throws Exception {
        Run restored = Run.named("restored-" + savepoint.getFileName() + "-" + backend);

        var result = start(restored, 2, backend, savepoint.toUri().toString(), StoppingLines.NEVER)
                .getJobExecutionResult()
                .get();

        assertThat(KeepAccounts.of(result).get("objects_read")).isEqualTo(KeptLogs.SLOTS);
        assertThat(KeepAccounts.of(result).get("records_late")).isZero();
        assertRest(restored.connections().all(), uninterrupted.connections().all(), later(Connection::end));
        assertRest(restored.alerts().all(), uninterrupted.alerts().all(), later(alert -> alert.timeMillis() / 1000));
        assertThat(restored.connections().all())
                .as("of the silent ones")
                .filteredOn(one -> one.event() == Connection.Event.CLOSE && one.continuationOf() != null)
                .hasSize(10);
        assertThat(restored.connections().all())
                .as("begun before, ended after")
                .anyMatch(one -> one.start() == KeptLogs.slotTime(0).getEpochSecond()
                        && one.end() > KeptLogs.slotTime(KeptLogs.SLOTS - 1).getEpochSecond());
        assertThat(restored.alerts().all())
                .as("of the scan under way")
                .anyMatch(alert -> alert.activity() != Alert.Activity.CREATE);
    }

    private static <T> Predicate<T> later(ToLongFunction<T> second) {
        long stopped = KeptLogs.slotTime(STOPPED_IN).getEpochSecond();
        return one -> second.applyAsLong(one) >= stopped;
    }

    /** Nothing that a run without a stop does not say, nothing twice, and all that it says of later times. */
    private static <T> void assertRest(List<T> rest, List<T> all, Predicate<T> later) {
        assertThat(rest).doesNotHaveDuplicates().isSubsetOf(all);
        assertThat(rest).containsAll(all.stream().filter(later).toList());
    }

    /** Not a test: writes the savepoint that later versions restore. */
    @Test
    @EnabledIfSystemProperty(named = "keep.savepoint", matches = "\\d+")
    void keepASavepointOfThisVersion() throws Exception {
        StoppingLines.reset();
        JobClient job = start(Run.named("kept"), 1, "hashmap", null, STOP);
        StoppingLines.awaitStop();

        String savepoint = job.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        job.cancel().get();
        StoppingLines.goOn();

        Path kept = Files.createDirectories(KEPT.resolve(System.getProperty("keep.savepoint")));
        Path metadata = Path.of(URI.create(savepoint)).resolve("_metadata");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(kept.resolve("_metadata.gz")))) {
            Files.copy(metadata, out);
        }
        assertThat(filesOf(metadata.getParent())).as("all state is in one file").hasSize(1);
    }

    private static JobClient start(Run run, int parallelism, String backend, String savepoint, StoppingLines.Stop stop)
            throws Exception {
        Configuration settings = s3();
        settings.set(StateBackendOptions.STATE_BACKEND, backend);
        settings.setString("source.uri", "s3://" + KeptLogs.BUCKET);
        settings.setString("alerts.sink", "print");
        settings.setString("connections.sink", "none");
        settings.setString("connection.open-events", "true");
        settings.setString("connection.update-interval", "10 min");
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
        settings.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1));
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
                run.sinks());
        return env.executeAsync();
    }

    private static Configuration s3() {
        Configuration s3 = new Configuration();
        s3.setString("s3.endpoint", server.endpoint());
        s3.setString("s3.path-style-access", "true");
        s3.setString("s3.access-key", "any");
        s3.setString("s3.secret-key", "any");
        s3.setString("s3.region", "us-east-1");
        return s3;
    }
}
