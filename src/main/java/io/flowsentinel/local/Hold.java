package io.flowsentinel.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.common.JobID;

/** Stops a job with a savepoint when it has read its range, for another job to go on from: nothing of it is ended. */
final class Hold {

    private final long lastSlot;
    private final String directory;

    /** Null until the range is read. */
    private CompletableFuture<String> savepoint;

    /**
     * Nothing happens yet.
     *
     * @param lastSlot of the range, epoch seconds
     * @param directory below which the savepoint is to be
     */
    Hold(long lastSlot, String directory) {
        this.lastSlot = lastSlot;
        this.directory = directory;
    }

    /**
     * Takes the savepoint once that is due.
     *
     * @param closedSlot the last slot that the job has read, epoch seconds
     * @throws SavepointFailed where it could not be written
     */
    void look(long closedSlot, LocalFlink flink, JobID job) {
        if (savepoint == null && closedSlot >= lastSlot) {
            savepoint = flink.stopForAnother(job, directory);
        } else if (savepoint != null && savepoint.isCompletedExceptionally()) {
            savepoint();
        }
    }

    /** Where the savepoint is; to be asked when the job is over. */
    String savepoint() {
        if (savepoint == null) {
            throw new IllegalStateException("the job ended before its range was read");
        }
        try {
            return savepoint.join();
        } catch (CompletionException failed) {
            throw new SavepointFailed(directory, failed.getCause());
        }
    }

    /** The range was read, and could not be kept. */
    static final class SavepointFailed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        SavepointFailed(String directory, Throwable failure) {
            super("no savepoint could be written below " + directory, failure);
        }
    }
}
