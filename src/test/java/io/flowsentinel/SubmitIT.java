package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.testing.ClusterProcesses;
import io.flowsentinel.testing.CommandRun;
import io.flowsentinel.testing.KafkaBroker;
import io.flowsentinel.testing.RecentLogs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/submit.sh} against a session cluster of separate JVMs, from the job jar, over real Kafka. */
class SubmitIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    @TempDir
    private static Path folder;

    private static KafkaBroker kafka;
    private static ClusterProcesses cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = KafkaBroker.start();
        cluster = ClusterProcesses.start(
                Files.createDirectories(folder.resolve("flink")), Map.of("taskmanager.numberOfTaskSlots", "2"), 1);
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
        CommandRun live = submit("parted", "--input", bucket.toString(), "--continuous", "--detached");
        assertThat(live.exitCode()).as(live.text()).isZero();
        assertThat(live.errors()).contains("execution.checkpointing.dir: not set here");
        String job = found(JOB_ID, live);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> !values("parted-connections").isEmpty());
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
        int published = values("parted-connections").size();

        logs.publish(slot -> !slot.isBefore(publishedLater));
        CommandRun rest = submit(
                "parted",
                "--input",
                bucket.toString(),
                "--set",
                "source.mode=bounded",
                "--parallelism",
                "1",
                "--from-savepoint",
                found(SAVEPOINT, stop));

        assertThat(rest.exitCode()).as(rest.text()).isZero();
        CommandRun whole = submit("whole", "--input", bucket.toString(), "--set", "source.mode=bounded");
        assertThat(whole.exitCode()).as(whole.text()).isZero();
        assertThat(values("parted-connections"))
                .isEqualTo(values("whole-connections"))
                .hasSizeGreaterThan(published);
        assertThat(alerts("parted-alerts")).isEqualTo(alerts("whole-alerts")).isNotEmpty();
        assertThat(values("parted-quarantine")).isEqualTo(values("whole-quarantine"));
        assertThat(values("parted-late")).isEqualTo(values("whole-late"));
    }

    @Test
    void aWrongSettingIsRefusedInOneLineBeforeAnythingIsStarted() throws Exception {
        int before = cluster.rest("/jobs").get("jobs").size();

        CommandRun run = submit("refused", "--input", folder.toString(), "--set", "time.max-delay=soon");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.text()).startsWith("time.max-delay: 'soon'").hasLineCount(1);
        assertThat(cluster.rest("/jobs").get("jobs")).hasSize(before);
    }

    @Test
    void whereNoClusterAnswersTheSubmissionFails() throws Exception {
        CommandRun run = submit(
                "nowhere",
                "--input",
                folder.toString(),
                "--detached",
                "--jobmanager",
                "localhost:1",
                "--flink",
                "rest.retry.max-attempts=0");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.text()).contains("localhost", ":1");
    }

    /** Submits with topics of their own, by a name. */
    private static CommandRun submit(String name, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("scripts/submit.sh", "--jar", System.getProperty("job.jar"), "--brokers", kafka.brokers()));
        List<String> settings = new ArrayList<>(List.of(
                "sink.transactional-id-prefix=" + name,
                "execution.checkpointing.interval=1 s",
                "source.discovery.interval=1 s",
                "source.discovery.full-interval=2 s",
                "topics.replication=1"));
        for (String feed : List.of("alerts", "connections", "quarantine", "late", "suppressed")) {
            settings.add(feed + ".kafka.topic=" + name + "-" + feed);
        }
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        command.addAll(List.of(options));
        return CommandRun.of(command, Map.of("FLINK_HOME", cluster.home().toString()));
    }

    private static List<String> values(String topic) {
        return kafka.committed(topic).stream()
                .map(message -> new String(message.value(), StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    /** But for the objects and lines they name: which those are is up to the order of reading. */
    private static List<JsonNode> alerts(String topic) throws IOException {
        List<JsonNode> alerts = new ArrayList<>();
        for (String value : values(topic)) {
            JsonNode alert = JSON.readTree(value);
            ((ObjectNode) alert.get("unmapped")).remove("records");
            alerts.add(alert);
        }
        return alerts;
    }

    private static String found(Pattern pattern, CommandRun run) {
        Matcher matcher = pattern.matcher(run.output());
        assertThat(matcher.find()).as(run.text()).isTrue();
        return matcher.group(1);
    }
}
