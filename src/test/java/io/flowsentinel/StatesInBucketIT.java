package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.testing.ClusterProcesses;
import io.flowsentinel.testing.CommandRun;
import io.flowsentinel.testing.KafkaBroker;
import io.flowsentinel.testing.RunOutput;
import io.flowsentinel.testing.S3Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Path SAMPLE = Path.of("src/sample/logs");
    private static final String INPUT = "s3://flow-logs/AWSLogs";
    private static final String SAVEPOINTS = "s3://states/savepoints";
    private static final String BEGIN = "2026-01-15T09:00Z";
    private static final String MIDDLE = "2026-01-15T10:30Z";
    private static final String END = "2026-01-15T12:00Z";
    private static final List<String> FEEDS = List.of("alerts", "connections", "quarantine", "late", "suppressed");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    @TempDir
    private static Path folder;

    private static S3Server s3;
    private static KafkaBroker kafka;
    private static ClusterProcesses cluster;
    private static RunOutput whole;

    /** Of a live job that has read a part of what there is. */
    private static String savepoint;

    @BeforeAll
    static void stopALiveJobInTheMiddle() throws Exception {
        s3 = S3Server.start(folder.resolve("s3"));
        s3.createBucket("flow-logs");
        s3.createBucket("states");
        try (Stream<Path> files = Files.walk(SAMPLE)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                s3.put("flow-logs", SAMPLE.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        readWhole();
        kafka = KafkaBroker.start();
        Map<String, String> settings = new TreeMap<>(s3Settings());
        settings.put("taskmanager.numberOfTaskSlots", "2");
        settings.put("execution.checkpointing.dir", "s3://states/checkpoints");
        cluster = ClusterProcesses.start(folder.resolve("flink"), settings, 1);
        CommandRun live =
                run("scripts/submit.sh", "live", INPUT, "--continuous", "--from", BEGIN, "--to", MIDDLE, "--detached");
        String job = found(JOB_ID, live);
        await().atMost(PATIENCE)
                .until(() -> !values("live-connections").isEmpty() && cluster.completedCheckpoints(job) > 1);
        CommandRun stop = cluster.flink("stop", "--type", "canonical", "--savepointPath", SAVEPOINTS, job);
        savepoint = found(SAVEPOINT, stop);
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

        CommandRun replay = run(
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
            assertThat(withoutRecords(both(feed))).as(feed).isEqualTo(whole.withoutRecords(feed));
        }
        assertThat(values("rest-connections")).isNotEmpty();
    }

    @Test
    void aReplayOfAnotherBucketIsRefusedByTheJobAtOnce() throws Exception {
        s3.createBucket("other");

        CommandRun replay =
                run("scripts/replay.sh", "other", "s3://other", "--on-cluster", "--savepoint", savepoint, "--to", END);

        assertThat(replay.exitCode()).isEqualTo(1);
        assertThat(replay.errors().lines())
                .singleElement()
                .asString()
                .startsWith(
                        "source.uri: 's3://other' has nothing to do with what the savepoint was taken over, " + INPUT);
    }

    @Test
    void aSavepointThatIsNotThereIsNamed() throws Exception {
        String missing = SAVEPOINTS + "/savepoint-000000-000000000000";

        CommandRun replay =
                run("scripts/replay.sh", "missing", INPUT, "--on-cluster", "--savepoint", missing, "--to", END);

        assertThat(replay.exitCode()).isEqualTo(1);
        assertThat(replay.text()).contains(missing);
    }

    private static void readWhole() {
        List<String> arguments = new ArrayList<>(List.of(
                "--input=" + INPUT,
                "--from=" + BEGIN,
                "--to=" + END,
                "--output=" + folder.resolve("whole"),
                "--quiet"));
        s3Settings().forEach((key, value) -> arguments.add("--set=" + key + "=" + value));
        assertThat(LocalRun.execute(arguments.toArray(String[]::new))).isZero();
        whole = new RunOutput(folder.resolve("whole"));
    }

    /** A script with topics of their own, by a name. */
    private static CommandRun run(String script, String name, String input, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                script, "--jar", System.getProperty("job.jar"), "--brokers", kafka.brokers(), "--input", input));
        List<String> settings = new ArrayList<>(List.of(
                "execution.checkpointing.interval=1 s",
                "execution.checkpointing.min-pause=500 ms",
                "sink.transactional-id-prefix=" + name,
                "topics.replication=1"));
        for (String feed : FEEDS) {
            settings.add(feed + ".kafka.topic=" + name + "-" + feed);
        }
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        command.addAll(List.of(options));
        return CommandRun.of(command, Map.of("FLINK_HOME", cluster.home().toString()));
    }

    private static Map<String, String> s3Settings() {
        return Map.of(
                "s3.endpoint", s3.endpoint(),
                "s3.path-style-access", "true",
                "s3.access-key", "local",
                "s3.secret-key", "local",
                "s3.region", "us-east-1");
    }

    private static List<String> both(String feed) {
        return Stream.of("live-", "rest-")
                .flatMap(name -> values(name + feed).stream())
                .sorted()
                .toList();
    }

    private static List<String> values(String topic) {
        return kafka.committed(topic).stream()
                .map(message -> new String(message.value(), StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    /** Which objects and lines an alert names is up to the order of reading. */
    private static List<String> withoutRecords(List<String> alerts) throws IOException {
        List<String> without = new ArrayList<>();
        for (String alert : alerts) {
            JsonNode one = JSON.readTree(alert);
            ((ObjectNode) one.get("unmapped")).remove("records");
            without.add(one.toString());
        }
        return without.stream().sorted().toList();
    }

    private static String found(Pattern pattern, CommandRun run) {
        Matcher matcher = pattern.matcher(run.output());
        assertThat(matcher.find()).as(run.text()).isTrue();
        return matcher.group(1);
    }
}
