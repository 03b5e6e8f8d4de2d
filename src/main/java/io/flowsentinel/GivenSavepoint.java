package io.flowsentinel;

import io.flowsentinel.config.InvalidConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.client.JobInitializationException;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The savepoint or retained checkpoint that a job is to go on from: whoever submits is told in one line that there is none,
 * or what the cluster has against it.
 *
 * <p>Not so in application mode, where this runs in the job manager. One that takes over goes on from a checkpoint, and its
 * savepoint may be deleted by then; what fails there is for Flink to report.
 */
public final class GivenSavepoint {

    /** Of a job manager that runs the job's main method itself; the constant is in Flink's client. */
    private static final String APPLICATION_MODE = "embedded";

    private static final Logger LOG = LoggerFactory.getLogger(GivenSavepoint.class);

    private GivenSavepoint() {}

    /** Whether there is one: its first file, or a folder with that. */
    public static boolean isAt(Path place) throws IOException {
        return isFile(place) || isFile(metadata(place));
    }

    /** What Flink reads first of a savepoint, which may be named itself. */
    public static Path metadata(Path savepoint) {
        String name = AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME;
        return savepoint.getName().equals(name) ? savepoint : new Path(savepoint, name);
    }

    private static boolean isFile(Path path) throws IOException {
        try {
            return !path.getFileSystem().getFileStatus(path).isDir();
        } catch (FileNotFoundException missing) {
            return false;
        }
    }

    /**
     * Looks for it before anything is submitted. A path without a store is one of the job manager's machine, and what
     * cannot be looked at from here may still be seen from there: both are left to the cluster.
     *
     * @throws InvalidConfig where the store has none
     */
    static void check(ReadableConfig settings) {
        given(settings).filter(GivenSavepoint::isMissing).ifPresent(savepoint -> {
            throw missing(savepoint);
        });
    }

    /**
     * Why the cluster did not start the job with its savepoint, in one line; empty where that is not the reason.
     *
     * @throws InvalidConfig where there is no savepoint
     */
    static Optional<String> refusal(Throwable failure, ReadableConfig settings) {
        Optional<String> savepoint = given(settings);
        Optional<JobInitializationException> notStarted =
                ExceptionUtils.findThrowable(failure, JobInitializationException.class);
        if (savepoint.isEmpty() || notStarted.isEmpty()) {
            return Optional.empty();
        }
        Throwable reason = ExceptionUtils.stripException(notStarted.get(), JobInitializationException.class);
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        if (reason instanceof FileNotFoundException) {
            throw missing(savepoint.get());
        }
        return Optional.of("The job was not started: "
                + String.valueOf(reason.getMessage()).replaceAll("\\s+", " ").strip());
    }

    private static Optional<String> given(ReadableConfig settings) {
        return APPLICATION_MODE.equals(settings.get(DeploymentOptions.TARGET))
                ? Optional.empty()
                : settings.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
    }

    private static boolean isMissing(String savepoint) {
        try {
            Path place = new Path(savepoint);
            FileSystem files = place.getFileSystem();
            return files.isDistributedFS() && !isAt(place);
        } catch (IOException | RuntimeException e) {
            LOG.info("The savepoint {} cannot be looked at from here", savepoint, e);
            return false;
        }
    }

    private static InvalidConfig missing(String savepoint) {
        return new InvalidConfig(StateRecoveryOptions.SAVEPOINT_PATH.key() + ": '" + savepoint
                + "' does not exist; expected a savepoint or a retained checkpoint, which --from-savepoint or --savepoint"
                + " names");
    }
}
