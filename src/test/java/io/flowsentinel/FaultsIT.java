package io.flowsentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.testing.S3FaultRule;
import io.flowsentinel.testing.S3Request;
import io.flowsentinel.testing.S3Request.Kind;
import java.nio.file.Path;
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
    }

    @Test
    void aKilledJobManagerIsReplacedAndNothingIsLostOrDoubled() throws Exception {
        Deployment.Run run = deployment.submit("killed-job-manager");
        run.awaitMiddle();

        deployment.jobManager().kill();
        deployment.cluster().startJobManager();
        lastHour.release();

        run.endsAsIfNothingHadHappened();
        assertThat(deployment.jobManager().log()).containsPattern("Restoring job " + run.job() + " from Checkpoint");
    }

    private static boolean isOfLastHour(S3Request request) {
        return request.kind() == Kind.GET && request.key().contains("_20260115T11");
    }
}
