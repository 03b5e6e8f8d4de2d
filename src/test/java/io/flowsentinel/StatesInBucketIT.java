package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.ClusterProcesses;
import io.flowsentinel.testing.ClusterScripts;
import io.flowsentinel.testing.CommandRun;
import io.flowsentinel.testing.KafkaBroker;
import io.flowsentinel.testing.RunOutput;
import io.flowsentinel.testing.S3Server;
import io.flowsentinel.testing.SampleFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects, checkpoints and savepoints in buckets, on a cluster of separate JVMs that has the S3 file system as a plugin: a
 * replay that goes on from the live job's savepoint says what is left to say, byte for byte.
 */
class StatesInBucketIT {

    private static final String INPUT = "s3://flow-logs/AWSLogs";
    private static final String SAVEPOINTS = "s3://states/savepoints";
    private static final String BEGIN = "2026-01-15T09:00Z";
    private static final String FIRST_SLOT_END = "2026-01-15T09:05Z";
    private static final String MIDDLE = "2026-01-15T10:30Z";
    private static final String END = "2026-01-15T12:00Z";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private static S3Server s3;
    private static KafkaBroker kafka;
    private static ClusterProcesses cluster;
    private static ClusterScripts scripts;
    private static RunOutput whole;

    /** Of a live job that has read a part of what there is. */
    private static String savepoint;

    @BeforeAll
    static void stopALiveJobInTheMiddle() throws Exception {
        s3 = S3Server.start(folder.resolve("s3"));
        SampleFiles.publish(s3, "flow-logs");
        s3.createBucket("states");
        readWhole();
        kafka = KafkaBroker.start();
        Map<String, String> settings = new TreeMap<>(s3.settings());
        settings.put("taskmanager.numberOfTaskSlots", "2");
        settings.put("execution.checkpointing.dir", "s3://states/checkpoints");
        cluster = ClusterProcesses.start(folder.resolve("flink"), settings, 1);
        scripts = new ClusterScripts(cluster, kafka, "execution.checkpointing.min-pause=500 ms");
        String job = scripts.run(
                        "scripts/submit.sh",
                        "live",
                        INPUT,
                        "--continuous",
                        "--from",
                        BEGIN,
                        "--to",
                        MIDDLE,
                        "--detached")
                .jobId();
        await().atMost(PATIENCE)
                .until(() -> !kafka.values("live-connections").isEmpty() && cluster.completedCheckpoints(job) > 1);
        savepoint = cluster.flink("stop", "--type", "canonical", "--savepointPath", SAVEPOINTS, job)
                .savepoint();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        kafka.close();
        s3.close();
    }

    @Test
    void aReplayOnTheClusterGoesOnFromASavepointInABucket() throws Exception {
        assertThat(savepoint).startsWith(SAVEPOINTS);

        CommandRun replay = scripts.run(
                "scripts/replay.sh",
                "rest",
                INPUT,
                "--on-cluster",
                "--savepoint",
                savepoint,
                "--to",
                END,
                "--parallelism",
                "1");

        assertThat(replay.exitCode()).as(replay.text()).isZero();
        for (String feed : List.of("connections", "quarantine", "late")) {
            assertThat(both(feed)).as(feed).isEqualTo(whole.lines(feed));
        }
        for (String feed : List.of("alerts", "suppressed")) {
            assertThat(RunOutput.withoutRecords(both(feed))).as(feed).isEqualTo(whole.withoutRecords(feed));
        }
        assertThat(kafka.values("rest-connections")).isNotEmpty();
    }

    @Test
    void aReplayOfAnotherBucketIsRefusedByTheJobAtOnce() throws Exception {
        s3.createBucket("other");

        CommandRun replay = scripts.run(
                "scripts/replay.sh", "other", "s3://other", "--on-cluster", "--savepoint", savepoint, "--to", END);

        assertThat(replay.exitCode()).isEqualTo(1);
        assertThat(replay.errors().lines())
                .singleElement()
                .asString()
                .startsWith(
                        "source.uri: 's3://other' has nothing to do with what the savepoint was taken over, " + INPUT);
    }

    @Test
    void aReplayThatEndsBeforeTheSavepointIsRefusedByTheJobAtOnce() throws Exception {
        CommandRun replay = scripts.run(
                "scripts/replay.sh", "over", INPUT, "--on-cluster", "--savepoint", savepoint, "--to", FIRST_SLOT_END);

        assertThat(replay.exitCode()).isEqualTo(1);
        assertThat(replay.errors().lines())
                .singleElement()
                .asString()
                .startsWith("source.to: '2026-01-15T09:05:00Z' is not after the savepoint");
        assertThat(kafka.values("over-connections")).isEmpty();
    }

    @Test
    void aSavepointThatIsNotThereIsRefusedBeforeAnythingIsSubmitted() throws Exception {
        String missing = SAVEPOINTS + "/savepoint-000000-000000000000";

        CommandRun replay =
                scripts.run("scripts/replay.sh", "missing", INPUT, "--on-cluster", "--savepoint", missing, "--to", END);

        assertThat(replay.exitCode()).isEqualTo(2);
        assertThat(replay.errors().lines())
                .singleElement()
                .asString()
                .startsWith("execution.state-recovery.path: '" + missing + "' does not exist; expected a savepoint");
    }

    private static void readWhole() {
        List<String> arguments = new ArrayList<>(List.of(
                "--input=" + INPUT,
                "--from=" + BEGIN,
                "--to=" + END,
                "--output=" + folder.resolve("whole"),
                "--quiet"));
        s3.settings().forEach((key, value) -> arguments.add("--set=" + key + "=" + value));
        assertThat(LocalRun.execute(arguments.toArray(String[]::new))).isZero();
        whole = new RunOutput(folder.resolve("whole"));
    }

    private static List<String> both(String feed) {
        return Stream.of("live-", "rest-")
                .flatMap(name -> kafka.values(name + feed).stream())
                .sorted()
                .toList();
    }
}
