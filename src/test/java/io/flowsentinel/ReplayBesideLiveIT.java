package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.local.ReplayRun;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");
    private static final List<String> FEEDS = List.of("alerts", "connections", "quarantine", "late", "suppressed");

    @TempDir
    private static Path flink;

    @TempDir
    private Path folder;

    private static KafkaBroker kafka;
    private static ClusterProcesses cluster;

    private RecentLogs logs;
    private Instant publishedLater;

    @BeforeAll
    static void startCluster() throws Exception {
        kafka = KafkaBroker.start();
        cluster = ClusterProcesses.start(flink, Map.of("taskmanager.numberOfTaskSlots", "4"), 1);
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
        assertThat(taken.exitCode()).as(taken.text()).isZero();
        awaitCheckpoints(live);
        List<String> beforeSavepoint = values("live-connections");
        logs.publish(slot -> !slot.isBefore(publishedLater));

        CommandRun replay = command(
                "scripts/replay.sh",
                "again",
                "--on-cluster",
                "--savepoint",
                found(SAVEPOINT, taken),
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
        settings("shared").stream()
                .filter(setting -> !setting.startsWith("sink."))
                .forEach(setting -> range.addAll(List.of("--set", setting)));

        assertThat(ReplayRun.execute(range.toArray(String[]::new))).isZero();

        awaitCheckpoints(live);
        assertThat(cluster.jobState(live)).isEqualTo("RUNNING");
        assertThat(restarts(live)).isEqualTo("0");
        endBounded("shared", live);
        for (String feed : FEEDS) {
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
        settings("warm").forEach(setting -> history.addAll(List.of("--set", setting)));
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
        CommandRun rest = command(
                "scripts/submit.sh", name, "--set", "source.mode=bounded", "--from-savepoint", found(SAVEPOINT, stop));
        assertThat(rest.exitCode()).as(rest.text()).isZero();
    }

    private void whole(String name) throws Exception {
        CommandRun whole = command("scripts/submit.sh", name, "--set", "source.mode=bounded");
        assertThat(whole.exitCode()).as(whole.text()).isZero();
    }

    private String live(String name, String... options) throws Exception {
        CommandRun live = command("scripts/submit.sh", name, options);
        assertThat(live.exitCode()).as(live.text()).isZero();
        return found(JOB_ID, live);
    }

    /** Submits with topics and transactions of its own, by a name. */
    private CommandRun command(String script, String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                script,
                "--jar",
                System.getProperty("job.jar"),
                "--brokers",
                kafka.brokers(),
                "--input",
                logs.bucket().toString()));
        settings(name).forEach(setting -> command.addAll(List.of("--set", setting)));
        command.addAll(List.of(options));
        return CommandRun.of(command, Map.of("FLINK_HOME", cluster.home().toString()));
    }

    private static List<String> settings(String name) {
        List<String> settings = new ArrayList<>(List.of(
                "sink.transactional-id-prefix=of-" + name,
                "execution.checkpointing.interval=1 s",
                "execution.checkpointing.min-pause=0 s",
                "source.discovery.interval=1 s",
                "source.discovery.full-interval=2 s",
                "state.backend.type=hashmap",
                "topics.replication=1"));
        FEEDS.forEach(feed -> settings.add(feed + ".kafka.topic=" + name + "-" + feed));
        return settings;
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
        return texts(topic, message -> true, ConsumerRecord::value);
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
    private static List<JsonNode> alerts(String topic) throws IOException {
        return alerts(values(topic));
    }

    private static List<JsonNode> alerts(String topic, String mode) throws IOException {
        return alerts(values(topic, mode));
    }

    private static List<JsonNode> alerts(List<String> values) throws IOException {
        List<JsonNode> alerts = new ArrayList<>();
        for (String value : values) {
            JsonNode alert = JSON.readTree(value);
            ((ObjectNode) alert.get("unmapped")).remove("records");
            alerts.add(alert);
        }
        return alerts;
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

    private static String found(Pattern pattern, CommandRun run) {
        Matcher matcher = pattern.matcher(run.output());
        assertThat(matcher.find()).as(run.text()).isTrue();
        return matcher.group(1);
    }
}
