package io.flowsentinel;

import static io.flowsentinel.testing.S3Request.get;
import static io.flowsentinel.testing.S3Request.list;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.LogTree;
import io.flowsentinel.testing.S3FaultRule;
import io.flowsentinel.testing.S3Faults;
import io.flowsentinel.testing.S3Request;
import io.flowsentinel.testing.S3Request.Kind;
import io.flowsentinel.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What befalls a job in the middle of its work: it comes back, publishes what a run that nothing disturbed publishes, each
 * message once, and its accounts add up. The line that tells an operator of it is looked for in the logs.
 */
class FaultsIT {

    private static final Duration KAFKA_AWAY = Duration.ofSeconds(8);

    /** Of 100 MB of zeros each: 10 GB with the profile {@code nightly}, 1 GB else. */
    private static final int BOMB_MEMBERS = Integer.getInteger("bomb.members", 10);

    private static final Instant TEN = Instant.parse("2026-01-15T10:00:00Z");
    private static final Instant ELEVEN = Instant.parse("2026-01-15T11:00:00Z");

    @TempDir
    private static Path folder;

    private static Deployment deployment;

    /** Until it is released no object of the last hour can be read: what happens before happens in the middle. */
    private S3FaultRule lastHour;

    @BeforeAll
    static void start() throws Exception {
        deployment = Deployment.start(folder, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        deployment.close();
    }

    @BeforeEach
    void holdLastHour() {
        lastHour = deployment.faults().on(FaultsIT::isOfLastHour).always().hold();
    }

    @AfterEach
    void goodDay() throws Exception {
        lastHour.release();
        deployment.faults().reset();
        deployment.cancelWhatRuns();
    }

    @Test
    void aKilledTaskManagerIsReplacedAndNothingIsLostOrDoubled() throws Exception {
        Deployment.Run run = deployment.submit("killed-task-manager", Map.of());
        run.awaitMiddle();

        deployment.taskManager().kill();
        deployment.cluster().startTaskManager();
        lastHour.release();

        run.endsAsIfNothingHadHappened();
        assertThat(deployment.jobManager().log())
                .containsOnlyOnce("All readers are back, after a failure that stands further up");
    }

    @Test
    void aKilledJobManagerIsReplacedAndNothingIsLostOrDoubled() throws Exception {
        Deployment.Run run = deployment.submit("killed-job-manager", Map.of());
        run.awaitMiddle();

        deployment.jobManager().kill();
        deployment.cluster().startJobManager();
        lastHour.release();

        run.endsAsIfNothingHadHappened();
        assertThat(deployment.jobManager().log())
                .contains("Restoring job " + run.job() + " from Checkpoint")
                .containsOnlyOnce("All readers are there, and the job was running before");
    }

    @Test
    void aBrokerThatIsKilledAndComesBackCostsTimeOnly() throws Exception {
        Deployment.Run run = deployment.submit("killed-broker", Map.of());
        run.awaitMiddle();

        deployment.kafka().kill();
        lastHour.release();
        Thread.sleep(KAFKA_AWAY.toMillis());
        deployment.kafka().startAgain();

        run.endsAsIfNothingHadHappened();
        assertThat(deployment.cluster().logs())
                .containsPattern("Connection to node .*" + deployment.kafka().brokers()
                        + "\\) could not be established. Node may not be available");
    }

    @Test
    void aBadDayOfS3CostsTimeOnly() throws Exception {
        deployment.faults().reset();
        S3Faults faults = deployment.faults();
        faults.on(list("")).times(3).slowDown();
        List<S3FaultRule> rules = List.of(
                faults.on(get("T09")).timesEach(3).internalError(),
                faults.on(get("T100")).timesEach(3).slowDown(),
                faults.on(get("T101")).timesEach(3).resetBeforeResponse(),
                faults.on(get("T102")).timesEach(2).resetAfter(1000),
                faults.on(get("T103")).timesEach(2).truncateBodyAfter(1000),
                faults.on(get("T104")).timesEach(1).delay(Duration.ofSeconds(5)));

        Deployment.Run run = deployment.submit("bad-s3", Map.of());

        run.endsAsIfNothingHadHappened();
        assertThat(rules).allMatch(rule -> rule.happened() > 0);
        assertThat(deployment.cluster().logs())
                .containsPattern("s3://logs/\\S+: .*Premature end of Content-Length.* Further attempts are counted");
    }

    @Test
    void objectsThatCannotBeReadAreQuarantinedAndTheRestIsRead() throws Exception {
        S3Server s3 = deployment.s3();
        s3.createBucket("poison");
        byte[] whole = LogTree.gzip("some text that is long enough to be cut off in the middle of it".getBytes(UTF_8));
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        s3.put("poison", LogTree.key(TEN, "truncated"), Arrays.copyOf(whole, whole.length / 2));
        s3.put("poison", LogTree.key(TEN, "noise"), noise);
        s3.put("poison", LogTree.key(TEN, "bomb"), bomb());
        s3.put("poison", LogTree.key(ELEVEN, "deleted"), whole);
        Deployment.Run run =
                deployment.submit("poison", Map.of("source.uri", "s3://" + Deployment.BUCKET + ";s3://poison"));
        run.awaitMiddle();

        s3.delete("poison", LogTree.key(ELEVEN, "deleted"));
        lastHour.release();

        run.endsWithTheUsualFeeds();
        assertThat(run.restarts()).isZero();
        Map<String, Long> accounts = run.accounts();
        assertThat(accounts).containsEntry("objects_failed", 2L);
        assertThat(accounts.get("objects_found"))
                .isEqualTo(accounts.get("objects_read") + accounts.get("objects_failed"));
        assertThat(accounts.get("lines_read"))
                .isEqualTo(accounts.get("header_lines")
                        + accounts.get("records_ok")
                        + accounts.get("records_nodata")
                        + accounts.get("records_skipdata")
                        + accounts.get("records_quarantined"));
        assertThat(run.values("quarantine"))
                .filteredOn(row -> row.contains("\"line_number\":0,"))
                .hasSize(2)
                .anyMatch(row -> row.contains("_truncated.log.gz") && row.contains("truncated gzip"))
                .anyMatch(row -> row.contains("_deleted.log.gz"));
        assertThat(run.values("quarantine"))
                .filteredOn(row -> row.contains("_bomb.log.gz"))
                .hasSize(1);
        assertThat(deployment.cluster().logs()).contains("_truncated.log.gz: truncated gzip", "_deleted.log.gz: ");
    }

    @Test
    void rulesMadeInvalidAreToldAndTheJobGoesOnEvenThroughARestart() throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), "rules:\n  port-scan:\n    mode: live\n");
        Deployment.Run run = deployment.submit(
                "rules",
                Map.of("source.mode", "continuous", "rules.file", rules.toString(), "rules.reload-interval", "1 s"));
        run.awaitMiddle();

        Files.writeString(rules, "rules:\n  port-scan:\n    mode: perhaps\n");
        run.awaitTold(deployment.cluster()::logs, "Rules not changed, the former ones stay in force: " + rules);
        assertThat(run.restarts()).isZero();
        deployment.taskManager().kill();
        deployment.cluster().startTaskManager();
        run.awaitTold(deployment.jobManager()::log, "All readers are back");
        run.awaitCheckpoints(2);
        Files.writeString(rules, "rules:\n  port-scan:\n    mode: dry-run\n");

        run.awaitTold(deployment.cluster()::logs, "are in force after event time");
        run.cancel();
    }

    @Test
    void checkpointsThatCannotBeWrittenStopTheFeedsUntilTheyCan() throws Exception {
        Deployment.Run run = deployment.submit("no-disk", Map.of());
        run.awaitMiddle();

        deployment.takeCheckpointDiskAway();
        lastHour.release();
        run.awaitState("RESTARTING");
        deployment.giveCheckpointDiskBack();

        run.endsAsIfNothingHadHappened();
        // One whose folder cannot be made fails before the source could hear of it: then Flink's own line says so.
        assertThat(deployment.jobManager().log())
                .containsPattern("Checkpoint \\d+ was not completed, for a reason that stands next to this line"
                        + "|Failed to trigger or complete checkpoint \\d+ .* consecutive failed attempts")
                .doesNotContain("Group already contains a Metric with the name 'objectsFound'");
    }

    /** Many gigabytes of zeros in some megabytes: members of a gzip object, one behind the other. */
    private static byte[] bomb() {
        byte[] member = LogTree.gzip(new byte[100_000_000]);
        byte[] bomb = new byte[member.length * BOMB_MEMBERS];
        for (int i = 0; i < BOMB_MEMBERS; i++) {
            System.arraycopy(member, 0, bomb, i * member.length, member.length);
        }
        return bomb;
    }

    static boolean isOfLastHour(S3Request request) {
        return request.kind() == Kind.GET && request.key().contains("_20260115T11");
    }
}
