package io.flowsentinel;

import static io.flowsentinel.testing.S3Request.get;
import static io.flowsentinel.testing.S3Request.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.S3FaultRule;
import io.flowsentinel.testing.S3Faults;
import io.flowsentinel.testing.S3Request;
import io.flowsentinel.testing.S3Request.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /** Longer than it takes the client of a broker to give up on it once, not only to be restarted. */
    private static final Duration KAFKA_AWAY = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    private static Deployment deployment;

    /** Until it is released no object of the last hour can be read: what happens before happens in the middle. */
    private S3FaultRule lastHour;

    @BeforeAll
    static void start() throws Exception {
        deployment = Deployment.start(folder);
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
    void goodDay() {
        lastHour.release();
        deployment.faults().reset();
    }

    @Test
    void aKilledTaskManagerIsReplacedAndNothingIsLostOrDoubled() throws Exception {
        Deployment.Run run = deployment.submit("killed-task-manager");
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
        Deployment.Run run = deployment.submit("killed-job-manager");
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
        Deployment.Run run = deployment.submit("killed-broker");
        run.awaitMiddle();

        deployment.kafka().kill();
        lastHour.release();
        Thread.sleep(KAFKA_AWAY.toMillis());
        deployment.kafka().startAgain();

        run.endsAsIfNothingHadHappened();
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

        Deployment.Run run = deployment.submit("bad-s3");

        run.endsAsIfNothingHadHappened();
        assertThat(rules).allMatch(rule -> rule.happened() > 0);
    }

    private static boolean isOfLastHour(S3Request request) {
        return request.kind() == Kind.GET && request.key().contains("_20260115T11");
    }
}
