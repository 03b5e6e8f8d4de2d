package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowsentinel.config.JobConfig;
import io.flowsentinel.testing.ClusterProcesses;
import io.flowsentinel.testing.ClusterScripts;
import io.flowsentinel.testing.CommandRun;
import io.flowsentinel.testing.KafkaBroker;
import io.flowsentinel.testing.RecentLogs;
import io.flowsentinel.testing.RunOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/submit.sh} against a session cluster of separate JVMs, from the job jar, over real Kafka. */
class SubmitIT {

    @TempDir
    private static Path folder;

    private static KafkaBroker kafka;
    private static ClusterProcesses cluster;
    private static ClusterScripts scripts;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = KafkaBroker.start();
        cluster = ClusterProcesses.start(
                Files.createDirectories(folder.resolve("flink")), Map.of("taskmanager.numberOfTaskSlots", "2"), 1);
        scripts = new ClusterScripts(
                cluster, kafka, "source.discovery.interval=1 s", "source.discovery.full-interval=2 s");
    }

    @AfterAll
    static void stopCluster() throws Exception {
        cluster.close();
        kafka.close();
    }

    @Test
    void aJobStoppedWithASavepointGoesOnFromItAsIfItHadNeverStopped() throws Exception {
        RecentLogs logs = RecentLogs.below(folder);
        Path bucket = logs.bucket();
        Instant publishedLater = logs.end().minus(RecentLogs.SLOT.multipliedBy(2));
        logs.publish(slot -> slot.isBefore(publishedLater));
        CommandRun live = submit("parted", bucket, "--continuous", "--detached");
        assertThat(live.exitCode()).as(live.text()).isZero();
        assertThat(live.errors()).contains("execution.checkpointing.dir: not set here");
        String job = live.jobId();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> !kafka.values("parted-connections").isEmpty());
        CommandRun stop = cluster.flink(
                "stop",
                "--type",
                "canonical",
                "--savepointPath",
                folder.resolve("savepoints").toString(),
                job);
        assertThat(stop.exitCode()).as(stop.text()).isZero();
        assertThat(cluster.jobState(job)).isEqualTo("FINISHED");
        assertThat(cluster.rest("/jobs/" + job).get("vertices"))
                .allMatch(vertex -> vertex.get("maxParallelism").asInt() == JobConfig.USUAL_MAX_PARALLELISM);
        int published = kafka.values("parted-connections").size();

        logs.publish(slot -> !slot.isBefore(publishedLater));
        CommandRun rest = submit(
                "parted",
                bucket,
                "--set",
                "source.mode=bounded",
                "--parallelism",
                "1",
                "--from-savepoint",
                stop.savepoint());

        assertThat(rest.exitCode()).as(rest.text()).isZero();
        CommandRun whole = submit("whole", bucket, "--set", "source.mode=bounded");
        assertThat(whole.exitCode()).as(whole.text()).isZero();
        assertThat(kafka.values("parted-connections"))
                .isEqualTo(kafka.values("whole-connections"))
                .hasSizeGreaterThan(published);
        assertThat(alerts("parted-alerts")).isEqualTo(alerts("whole-alerts")).isNotEmpty();
        assertThat(kafka.values("parted-quarantine")).isEqualTo(kafka.values("whole-quarantine"));
        assertThat(kafka.values("parted-late")).isEqualTo(kafka.values("whole-late"));
    }

    @Test
    void aWrongSettingIsRefusedInOneLineBeforeAnythingIsStarted() throws Exception {
        int before = cluster.rest("/jobs").get("jobs").size();

        CommandRun run = submit("refused", folder, "--set", "time.max-delay=soon");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.text()).startsWith("time.max-delay: 'soon'").hasLineCount(1);
        assertThat(cluster.rest("/jobs").get("jobs")).hasSize(before);
    }

    /** The cluster's answer, where only its machine can tell; what Flink's client logs of it, a distribution has in a file. */
    @Test
    void aSavepointThatDoesNotExistIsNamedInOneLine() throws Exception {
        String nowhere = folder.resolve("savepoints/savepoint-none").toString();

        CommandRun run = submit("from-nowhere", folder, "--detached", "--from-savepoint", nowhere);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors().lines())
                .last()
                .asString()
                .startsWith("execution.state-recovery.path: '" + nowhere + "' does not exist; expected a savepoint");
        assertThat(run.text()).doesNotContain("The program finished with the following exception");
    }

    @Test
    void whereNoClusterAnswersTheSubmissionFails() throws Exception {
        CommandRun run = submit(
                "nowhere", folder, "--detached", "--jobmanager", "localhost:1", "--flink", "rest.retry.max-attempts=0");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text()).contains("localhost", ":1");
    }

    private static CommandRun submit(String name, Path input, String... options)
            throws IOException, InterruptedException {
        return scripts.run("scripts/submit.sh", name, input.toString(), options);
    }

    /** But for the objects and lines they name: which those are is up to the order of reading. */
    private static List<String> alerts(String topic) {
        return RunOutput.withoutRecords(kafka.values(topic));
    }
}
