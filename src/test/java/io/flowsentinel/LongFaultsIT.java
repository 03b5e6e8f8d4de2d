package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.FlinkProcess;
import io.flowsentinel.testing.S3FaultRule;
import io.flowsentinel.testing.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As {@link FaultsIT}: faults that last for minutes, disks that are full, and an upgrade. For the profile {@code nightly}.
 */
@Tag("long")
class LongFaultsIT {

    private static final int DISK_MEGABYTES = 400;

    @TempDir
    private static Path folder;

    private static SmallDisk disk;
    private static Deployment deployment;

    private S3FaultRule lastHour;

    @BeforeAll
    static void start() throws Exception {
        disk = SmallDisk.mount(folder.resolve("small"), DISK_MEGABYTES);
        String localDisk =
                Files.createDirectories(disk.folder().resolve("local")).toString();
        // the jars of all these jobs would fill the disk before any test does
        String jars = folder.resolve("jars").toString();
        deployment = Deployment.start(folder, Map.of("io.tmp.dirs", localDisk, "blob.storage.directory", jars));
    }

    @AfterAll
    static void stop() throws Exception {
        if (deployment != null) {
            deployment.close();
        }
        if (disk != null) {
            disk.close();
        }
    }

    @BeforeEach
    void holdLastHour() {
        lastHour = deployment.faults().on(FaultsIT::isOfLastHour).always().hold();
    }

    @AfterEach
    void goodDay() throws Exception {
        lastHour.release();
        deployment.faults().reset();
        disk.free();
        deployment.cancelWhatRuns();
    }

    @Test
    void aFullDiskOfTheTaskManagersIsToldAndNothingIsLostOrDoubled() throws Exception {
        Deployment.Run run = deployment.submit("full-local-disk", Map.of());
        run.awaitMiddle();

        disk.fill();
        lastHour.release();
        run.awaitTold(deployment.cluster()::logs, "No space left on device");
        Thread.sleep(Duration.ofSeconds(10).toMillis());
        disk.free();

        run.endsAsIfNothingHadHappened();
    }

    @Test
    void aFullDiskOfCheckpointsIsToldAndNothingIsLostOrDoubled() throws Exception {
        deployment.putCheckpointsOn(disk.folder().resolve("checkpoints"));
        Deployment.Run run = deployment.submit("full-checkpoint-disk", Map.of());
        run.awaitMiddle();

        disk.fill();
        lastHour.release();
        run.awaitTold(deployment.jobManager()::log, "No space left on device");
        Thread.sleep(Duration.ofSeconds(20).toMillis());
        disk.free();

        run.endsAsIfNothingHadHappened();
    }

    @Test
    void aBrokerThatIsAwayForMinutesCostsTimeOnly() throws Exception {
        Deployment.Run run = deployment.submit("broker-away", Map.of());
        run.awaitMiddle();

        deployment.kafka().kill();
        lastHour.release();
        Thread.sleep(Duration.ofSeconds(150).toMillis());
        deployment.kafka().startAgain();

        run.endsAsIfNothingHadHappened();
        assertThat(deployment.cluster().taskManagers()).allMatch(FlinkProcess::isAlive);
    }

    @Test
    void aBrokerThatIsAwayForLongerThanItsTransactionsCostsTimeOnly() throws Exception {
        Deployment.Run run = deployment.submit("broker-too-long", Map.of("sink.transaction-timeout", "20 s"));
        run.awaitMiddle();

        deployment.kafka().kill();
        lastHour.release();
        Thread.sleep(Duration.ofSeconds(70).toMillis());
        deployment.kafka().startAgain();

        run.endsAsIfNothingHadHappened();
    }

    @Test
    void aStorageThatIsAwayForAMinuteCostsTimeOnly() throws Exception {
        Deployment.Run run = deployment.submit("storage-away", Map.of());
        run.awaitMiddle();

        deployment.faults().reset();
        deployment.faults().on(FaultsIT::isOfLastHour).always().resetBeforeResponse();
        lastHour.release();
        Thread.sleep(Duration.ofMinutes(1).toMillis());
        deployment.faults().reset();

        run.endsAsIfNothingHadHappened();
    }

    @Test
    void aNewJarGoesOnFromTheSavepointOfTheFormerOneAtAnotherParallelism() throws Exception {
        Deployment.Run former = deployment.submit("upgraded", Map.of());
        former.awaitMiddle();
        String savepoint = former.stop(folder.resolve("savepoints"));
        int published = former.values("connections").size();
        Path newJar = Files.copy(Path.of(System.getProperty("job.jar")), folder.resolve("new-version.jar"));

        Deployment.Run upgraded = deployment.submit(
                "upgraded", Map.of("job.parallelism", "1"), "--jar", newJar.toString(), "--from-savepoint", savepoint);
        lastHour.release();

        upgraded.endsAsIfNothingHadHappened();
        assertThat(upgraded.values("connections")).hasSizeGreaterThan(published);
        assertThat(deployment.jobManager().log()).contains("and the job was running before");
    }
}
