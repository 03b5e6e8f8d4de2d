package io.flowsentinel.local;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a job in good order when the user presses Ctrl-C, and lets the run finish before the JVM goes. */
final class Interruption {

    private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch over = new CountDownLatch(1);
    private Thread hook;

    /** Watches for Ctrl-C until {@link #end}: from now on there is a job to stop. */
    void watch(LocalFlink flink, JobID job, Path savepoints) {
        hook = new Thread(() -> stop(flink, job, savepoints), "ctrl-c");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The run is over and cleaned up: nothing is left to stop, and the JVM may go. */
    void end() {
        over.countDown();
        if (hook != null && !hook.isAlive()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                LOG.debug("The JVM is going already", e);
            }
        }
    }

    private void stop(LocalFlink flink, JobID job, Path savepoints) {
        try {
            flink.stop(job, savepoints);
            if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The run did not finish in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("The job could not be stopped in good order", e);
        }
    }
}
