package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowsentinel.local.ReplayRun;
import io.flowsentinel.testing.ClusterProcesses;
import io.flowsentinel.testing.ClusterScripts;
import io.flowsentinel.testing.CommandRun;
import io.flowsentinel.testing.KafkaBroker;
import io.flowsentinel.testing.RecentLogs;
import io.flowsentinel.testing.RunOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replay from a live job's savepoint while that job runs, and a live job that goes on from a replay's: on a cluster of
 * separate JVMs, over real Kafka. A replay whose sinks had the live job's uids would end the live job's transactions, and
 * with them the live job.
 */
class ReplayBesideLiveIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path flink;

    @TempDir
    private Path folder;

    private static KafkaBroker kafka;
    private static ClusterProcesses cluster;
    private static ClusterScripts scripts;

    private RecentLogs logs;
    private Instant publishedLater;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = KafkaBroker.start();
        cluster = ClusterProcesses.start(flink, Map.of("taskmanager.numberOfTaskSlots", "4"), 1);
        scripts = new ClusterScripts(
                cluster,
                kafka,
                "execution.checkpointing.min-pause=0 s",
                "source.discovery.interval=1 s",
                "source.discovery.full-interval=2 s",
                "state.backend.type=hashmap");
    }

    @AfterAll
    static void stopCluster() throws Exception {
        cluster.close();
        kafka.close();
    }

    @BeforeEach
    void publishTheBeginning() throws IOException {
        logs = RecentLogs.below(folder);
        publishedLater = logs.end().minus(RecentLogs.SLOT.multipliedBy(2));
        logs.publish(slot -> slot.isBefore(publishedLater));
    }

    @Test
    void aReplayFromTheSavepointOfARunningJobLeavesThatJobAlone() throws Exception {
        String live = live("live", "--continuous", "--detached");
        await().atMost(PATIENCE).until(() -> !values("live-connections").isEmpty());
        CommandRun taken = cluster.flink(
                "savepoint",
                "--type",
                "canonical",
                live,
                folder.resolve("savepoints").toString());
        awaitCheckpoints(live);
        List<String> beforeSavepoint = values("live-connections");
        logs.publish(slot -> !slot.isBefore(publishedLater));

        CommandRun replay = run(
                "scripts/replay.sh",
                "again",
                "--on-cluster",
                "--savepoint",
                taken.savepoint(),
                "--to",
                logs.end().plus(RecentLogs.SLOT).toString(),
                "--parallelism",
                "1");

        assertThat(replay.exitCode()).as(replay.text()).isZero();
        awaitCheckpoints(live);
        assertThat(cluster.jobState(live)).isEqualTo("RUNNING");
        assertThat(restarts(live)).isEqualTo("0");
        endBounded("live", live);
        whole("whole");
        assertSame("live", "whole");
        assertThat(values("again-connections"))
                .doesNotHaveDuplicates()
                .isSubsetOf(values("whole-connections"))
                .hasSizeLessThan(values("whole-connections").size());
        assertThat(beforeSavepoint).containsAll(without(values("whole-connections"), values("again-connections")));
        assertThat(modes("again-connections")).containsOnly("replay");
        assertThat(modes("live-connections")).containsOnly("live");
    }

    /** What was said live is said again under the same keys, and whoever wants can tell the two apart. */
    @Test
    void aReplayIntoTheTopicsOfARunningJobSaysTheSameUnderTheSameKeys() throws Exception {
        String live = live("shared", "--continuous", "--detached");
        await().atMost(PATIENCE).until(() -> !values("shared-connections").isEmpty());
        logs.publish(slot -> !slot.isBefore(publishedLater));
        List<String> range = new ArrayList<>(List.of(
                "--input",
                logs.bucket().toString(),
                "--brokers",
                kafka.brokers(),
                "--from",
                logs.end().minus(Duration.ofHours(1)).toString(),
                "--to",
                logs.end().plus(RecentLogs.SLOT).toString(),
                "--into-live-topics",
                "--quiet"));
        scripts.settings("shared").stream()
                .filter(setting -> !setting.startsWith("sink."))
                .forEach(setting -> range.addAll(List.of("--set", setting)));

        assertThat(ReplayRun.execute(range.toArray(String[]::new))).isZero();

        awaitCheckpoints(live);
        assertThat(cluster.jobState(live)).isEqualTo("RUNNING");
        assertThat(restarts(live)).isEqualTo("0");
        endBounded("shared", live);
        for (String feed : RunOutput.FEEDS) {
            List<String> saidLive = values("shared-" + feed, "live");
            List<String> saidAgain = values("shared-" + feed, "replay");
            assertThat(saidLive).as(feed).doesNotHaveDuplicates();
            assertThat(saidAgain).as(feed).hasSameSizeAs(saidLive);
            if (!feed.equals("alerts") && !feed.equals("suppressed")) {
                assertThat(saidAgain).as(feed).isEqualTo(saidLive);
            }
            assertThat(keys("shared-" + feed, "replay")).as(feed).isEqualTo(keys("shared-" + feed, "live"));
        }
        assertThat(alerts("shared-alerts", "replay"))
                .isEqualTo(alerts("shared-alerts", "live"))
                .isNotEmpty();
    }

    @Test
    void aLiveJobGoesOnFromAHistoryThatWasReplayed() throws Exception {
        List<String> history = new ArrayList<>(List.of(
                "--input",
                logs.bucket().toString(),
                "--brokers",
                kafka.brokers(),
                "--from",
                logs.end().minus(Duration.ofHours(1)).toString(),
                "--to",
                logs.end().minus(Duration.ofMinutes(33)).toString(),
                "--take-savepoint",
                folder.resolve("savepoints").toString(),
                "--quiet"));
        scripts.settings("warm").forEach(setting -> history.addAll(List.of("--set", setting)));
        assertThat(ReplayRun.execute(history.toArray(String[]::new))).isZero();
        int replayed = values("warm-connections").size();

        String live = live(
                "warm", "--continuous", "--detached", "--from-savepoint", savepoint(), "--allow-non-restored-state");
        await().atMost(PATIENCE).until(() -> values("warm-connections").size() > replayed);
        logs.publish(slot -> !slot.isBefore(publishedLater));
        endBounded("warm", live);

        whole("uninterrupted");
        assertSame("warm", "uninterrupted");
        assertThat(modes("warm-connections")).containsOnly("replay", "live");
    }

    /** Ends a live job without waiting for the present to pass: it goes on as a bounded one. */
    private void endBounded(String name, String job) throws Exception {
        CommandRun stop = cluster.flink(
                "stop",
                "--type",
                "canonical",
                "--savepointPath",
                folder.resolve("stopped").toString(),
                job);
        assertThat(stop.exitCode()).as(stop.text()).isZero();
        CommandRun rest =
                run("scripts/submit.sh", name, "--set", "source.mode=bounded", "--from-savepoint", stop.savepoint());
        assertThat(rest.exitCode()).as(rest.text()).isZero();
    }

    private void whole(String name) throws Exception {
        CommandRun whole = run("scripts/submit.sh", name, "--set", "source.mode=bounded");
        assertThat(whole.exitCode()).as(whole.text()).isZero();
    }

    private String live(String name, String... options) throws Exception {
        return run("scripts/submit.sh", name, options).jobId();
    }

    private CommandRun run(String script, String name, String... options) throws Exception {
        return scripts.run(script, name, logs.bucket().toString(), options);
    }

    private static void awaitCheckpoints(String job) throws Exception {
        int before = cluster.completedCheckpoints(job);
        await().atMost(PATIENCE).until(() -> cluster.completedCheckpoints(job) >= before + 2);
    }

    /** The page knows it some seconds after a job has started. */
    private static String restarts(String job) {
        return await().atMost(PATIENCE)
                .until(
                        () -> cluster.rest("/jobs/" + job + "/metrics?get=numRestarts")
                                .at("/0/value")
                                .asText(),
                        restarts -> !restarts.isEmpty());
    }

    private static void assertSame(String one, String other) throws IOException {
        for (String feed : List.of("connections", "quarantine", "late")) {
            assertThat(values(one + "-" + feed)).as(feed).isEqualTo(values(other + "-" + feed));
        }
        assertThat(values(one + "-connections")).isNotEmpty();
        assertThat(alerts(one + "-alerts")).isEqualTo(alerts(other + "-alerts")).isNotEmpty();
    }

    private static List<String> values(String topic) {
        return kafka.values(topic);
    }

    private static List<String> values(String topic, String mode) {
        return texts(topic, message -> mode.equals(mode(message)), ConsumerRecord::value);
    }

    private static List<String> keys(String topic, String mode) {
        return texts(topic, message -> mode.equals(mode(message)), ConsumerRecord::key);
    }

    private static List<String> texts(
            String topic,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted,
            Function<ConsumerRecord<byte[], byte[]>, byte[]> part) {
        return kafka.committed(topic).stream()
                .filter(wanted)
                .map(part)
                .map(text -> new String(text, StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    private static String mode(ConsumerRecord<byte[], byte[]> message) {
        return new String(message.headers().lastHeader("run-mode").value(), StandardCharsets.UTF_8);
    }

    /** But for the objects and lines they name: which those are is up to the order of reading. */
    private static List<String> alerts(String topic) {
        return RunOutput.withoutRecords(values(topic));
    }

    private static List<String> alerts(String topic, String mode) {
        return RunOutput.withoutRecords(values(topic, mode));
    }

    private static Set<String> modes(String topic) {
        Set<String> modes = new TreeSet<>();
        kafka.committed(topic).forEach(message -> modes.add(mode(message)));
        return modes;
    }

    private static List<String> without(List<String> all, List<String> some) {
        TreeSet<String> rest = new TreeSet<>(all);
        some.forEach(rest::remove);
        return List.copyOf(rest);
    }

    private String savepoint() throws IOException {
        try (Stream<Path> taken = Files.list(folder.resolve("savepoints"))) {
            return taken.findFirst().orElseThrow().toString();
        }
    }
}
