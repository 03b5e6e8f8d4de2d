package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flowsentinel.local.LocalRun;
import io.flowsentinel.sink.KeepAccounts;
import io.flowsentinel.testing.ClusterProcesses;
import io.flowsentinel.testing.CommandRun;
import io.flowsentinel.testing.FlinkProcess;
import io.flowsentinel.testing.KafkaProcess;
import io.flowsentinel.testing.RunOutput;
import io.flowsentinel.testing.S3Faults;
import io.flowsentinel.testing.S3Server;
import io.flowsentinel.testing.SampleFiles;
import io.flowsentinel.testing.ZooKeeper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobStatus;

/**
 * All that the job needs on a cluster, each a process of its own but for ZooKeeper: Flink with high availability, Kafka
 * and an S3 server that fails on demand. Its bucket {@code logs} holds the sample logs, and what a run over them must
 * publish is known from one that nothing disturbed.
 */
final class Deployment implements AutoCloseable {

    static final String BUCKET = "logs";

    /** As many as the sample's bucket is read with: a task manager each. */
    static final int TASK_MANAGERS = 2;

    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final Pattern AMOUNT = Pattern.compile("(\\w+)=(\\d+)");

    private final Path folder;
    private final S3Server s3;
    private final S3Faults faults;
    private final ZooKeeper zooKeeper;
    private final KafkaProcess kafka;
    private final ClusterProcesses cluster;
    private final RunOutput undisturbed;

    private Deployment(
            Path folder,
            S3Server s3,
            S3Faults faults,
            ZooKeeper zooKeeper,
            KafkaProcess kafka,
            ClusterProcesses cluster,
            RunOutput undisturbed) {
        this.folder = folder;
        this.s3 = s3;
        this.faults = faults;
        this.zooKeeper = zooKeeper;
        this.kafka = kafka;
        this.cluster = cluster;
        this.undisturbed = undisturbed;
    }

    /**
     * Starts all of it below an empty folder.
     *
     * @param flink further keys of Flink's configuration
     */
    static Deployment start(Path folder, Map<String, String> flink) throws Exception {
        S3Server s3 = S3Server.start(Files.createDirectories(folder.resolve("s3")));
        SampleFiles.publish(s3, BUCKET);
        S3Faults faults = S3Faults.before(s3);
        RunOutput undisturbed = readUndisturbed(s3, folder.resolve("undisturbed"));
        ZooKeeper zooKeeper = ZooKeeper.start();
        KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"));
        Map<String, String> settings = new TreeMap<>(zooKeeper.highAvailability(folder.resolve("ha")));
        settings.putAll(S3Server.settings(faults.endpoint()));
        settings.putAll(flink);
        settings.put("execution.checkpointing.dir", checkpoints(folder).toUri().toString());
        Files.createSymbolicLink(checkpoints(folder), Files.createDirectories(folder.resolve("disk")));
        ClusterProcesses cluster = ClusterProcesses.start(folder.resolve("flink"), settings, TASK_MANAGERS);
        return new Deployment(folder, s3, faults, zooKeeper, kafka, cluster, undisturbed);
    }

    S3Server s3() {
        return s3;
    }

    S3Faults faults() {
        return faults;
    }

    KafkaProcess kafka() {
        return kafka;
    }

    ClusterProcesses cluster() {
        return cluster;
    }

    /** From now on no checkpoint can be written, nor read: the disk they are on is not there any more. */
    void takeCheckpointDiskAway() throws IOException {
        linkCheckpointsTo(Files.writeString(folder.resolve("no-disk"), "no folder"));
    }

    /** With all that was on it. */
    void giveCheckpointDiskBack() throws IOException {
        putCheckpointsOn(folder.resolve("disk"));
    }

    void putCheckpointsOn(Path disk) throws IOException {
        linkCheckpointsTo(Files.createDirectories(disk));
    }

    /** In one go, so that no job can write in between. */
    private void linkCheckpointsTo(Path target) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("new-link"), target);
        Files.move(link, checkpoints(folder), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The only one that is alive. */
    FlinkProcess jobManager() {
        return cluster.jobManagers().stream()
                .filter(FlinkProcess::isAlive)
                .findFirst()
                .orElseThrow();
    }

    /** One of those that are alive. */
    FlinkProcess taskManager() {
        return cluster.taskManagers().stream()
                .filter(FlinkProcess::isAlive)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Submits the job as {@code job-config/cluster.yaml} has it, to end with the bucket, with topics of its own.
     *
     * @param name of its topics and transactions
     * @param settings of the job, beside those or instead of them
     */
    Run submit(String name, Map<String, String> settings, String... options) throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>(Map.of(
                "source.uri",
                "s3://" + BUCKET,
                "source.mode",
                "bounded",
                "job.parallelism",
                String.valueOf(TASK_MANAGERS),
                "sink.transactional-id-prefix",
                name,
                "execution.checkpointing.interval",
                "1 s",
                "execution.checkpointing.min-pause",
                "500 ms"));
        for (String feed : RunOutput.FEEDS) {
            all.put(feed + ".kafka.topic", name + "-" + feed);
        }
        all.putAll(settings);
        List<String> command = new ArrayList<>(List.of(
                "scripts/submit.sh",
                "--jar",
                System.getProperty("job.jar"),
                "--brokers",
                kafka.brokers(),
                "--detached"));
        all.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        command.addAll(List.of(options));
        CommandRun submitted =
                CommandRun.of(command, Map.of("FLINK_HOME", cluster.home().toString()));
        return new Run(name, submitted.jobId());
    }

    @Override
    public void close() throws Exception {
        cluster.close();
        kafka.close();
        zooKeeper.close();
        faults.close();
        s3.close();
    }

    /** A job that was submitted. */
    final class Run {

        private final String name;
        private final String job;

        private Run(String name, String job) {
            this.name = name;
            this.job = job;
        }

        String job() {
            return job;
        }

        /** Stops it with a savepoint in Flink's canonical format; its place. */
        String stop(Path savepoints) throws IOException, InterruptedException {
            return cluster.flink("stop", "--type", "canonical", "--savepointPath", savepoints.toString(), job)
                    .savepoint();
        }

        void cancel() throws IOException, InterruptedException {
            assertThat(cluster.flink("cancel", job).exitCode()).isZero();
            awaitState("CANCELED");
        }

        /** How often it was restarted by the present job manager. */
        int restarts() throws IOException, InterruptedException {
            return cluster.rest("/jobs/" + job + "/metrics?get=numRestarts")
                    .at("/0/value")
                    .asInt();
        }

        /** Returns when a log has this; each line that an operator is to see is looked for by it. */
        void awaitTold(Supplier<String> log, String line) {
            awaitThat("not told: " + line, () -> log.get().contains(line));
        }

        /** Returns when it has published connections: some is behind it, and what is held in front. */
        void awaitMiddle() {
            awaitThat("published nothing", () -> !values("connections").isEmpty());
        }

        /** Returns when so many more checkpoints are complete. */
        void awaitCheckpoints(int more) throws IOException, InterruptedException {
            int before = cluster.completedCheckpoints(job);
            awaitThat("no more checkpoints", () -> cluster.completedCheckpoints(job) >= before + more);
        }

        void awaitState(String state) {
            awaitThat("not " + state, () -> cluster.jobState(job).equals(state));
        }

        /** Waits for its end and compares all that it published, and its accounts, with the undisturbed run. */
        void endsAsIfNothingHadHappened() throws IOException, InterruptedException {
            endsWithTheUsualFeeds();
            assertThat(values("quarantine")).isEqualTo(undisturbed.lines("quarantine"));
            assertThat(accounts()).containsAllEntriesOf(undisturbedAccounts());
        }

        /** The same but for quarantine and accounts. */
        void endsWithTheUsualFeeds() throws IOException, InterruptedException {
            awaitState("FINISHED");
            assertThat(values("connections")).isEqualTo(undisturbed.lines("connections"));
            assertThat(alerts("alerts")).isEqualTo(undisturbed.withoutRecords("alerts"));
            assertThat(alerts("suppressed")).isEqualTo(undisturbed.withoutRecords("suppressed"));
            assertThat(values("late")).isEqualTo(undisturbed.lines("late"));
        }

        /** What a read_committed reader sees of a feed, sorted: the order of partitions means nothing. */
        List<String> values(String feed) {
            return kafka.committed(name + "-" + feed).stream()
                    .map(message -> new String(message.value(), StandardCharsets.UTF_8))
                    .sorted()
                    .toList();
        }

        /** The totals of a job that is over, with those of the jobs it went on from. */
        Map<String, Long> accounts() throws IOException, InterruptedException {
            Map<String, Long> amounts = new HashMap<>();
            JsonNode accumulators =
                    cluster.rest("/jobs/" + job + "/accumulators").get("user-task-accumulators");
            for (JsonNode accumulator : accumulators) {
                if (!accumulator.get("name").asText().equals(KeepAccounts.ACCUMULATOR)) {
                    continue;
                }
                Matcher amount = AMOUNT.matcher(accumulator.get("value").asText());
                while (amount.find()) {
                    amounts.put(amount.group(1), Long.valueOf(amount.group(2)));
                }
            }
            return amounts;
        }

        private List<String> alerts(String feed) {
            return RunOutput.withoutRecords(values(feed));
        }

        private void awaitThat(String otherwise, Callable<Boolean> condition) {
            await(name + ": " + otherwise)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    // Nobody answers while a job manager is away.
                    .ignoreExceptions()
                    .until(condition);
        }
    }

    /** What a test that failed has left running would take the next one's slots. */
    void cancelWhatRuns() throws IOException, InterruptedException {
        for (JsonNode job : cluster.rest("/jobs").get("jobs")) {
            if (!JobStatus.valueOf(job.get("status").asText()).isGloballyTerminalState()) {
                cluster.flink("cancel", job.get("id").asText());
            }
        }
    }

    private Map<String, Long> undisturbedAccounts() {
        Map<String, Long> amounts = new HashMap<>();
        JsonNode report = undisturbed.report();
        for (String name : List.of(
                "objects_found",
                "objects_read",
                "bytes_read",
                "lines_read",
                "header_lines",
                "records_ok",
                "records_nodata",
                "connections",
                "alerts",
                "alert_messages")) {
            amounts.put(name, report.get(name).asLong());
        }
        return amounts;
    }

    private static RunOutput readUndisturbed(S3Server s3, Path output) {
        List<String> arguments =
                new ArrayList<>(List.of("--input", "s3://" + BUCKET, "--output", output.toString(), "--quiet"));
        s3.settings().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        assertThat(LocalRun.execute(arguments.toArray(new String[0]))).isZero();
        return new RunOutput(output);
    }

    private static Path checkpoints(Path folder) {
        return folder.resolve("checkpoints");
    }
}
