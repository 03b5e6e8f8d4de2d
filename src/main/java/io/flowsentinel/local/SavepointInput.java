package io.flowsentinel.local;

import io.flowsentinel.FlowLogJob;
import io.flowsentinel.GivenSavepoint;
import io.flowsentinel.config.InvalidConfig;
import io.flowsentinel.config.JobConfig;
import io.flowsentinel.source.OtherInput;
import io.flowsentinel.source.RangeIsOver;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into a savepoint for the input it was taken over and how far that was read: its first file tells both, and is small
 * beside the state. What cannot be read here is left to the job, which refuses the same.
 */
final class SavepointInput {

    private static final String SOURCE = "read-objects";

    private static final Logger LOG = LoggerFactory.getLogger(SavepointInput.class);

    private SavepointInput() {}

    /**
     * Refuses a savepoint of another input, or one that is past the end of the range.
     *
     * @throws InvalidConfig where it was taken over none of the roots that are to be read, or has read what is not to be
     */
    static void check(String savepoint, JobConfig config) {
        try {
            Optional<ByteStreamStateHandle> progress = progress(savepoint);
            if (progress.isPresent()) {
                FlowLogJob.checkSaved(progress.get().getData(), config);
            }
        } catch (OtherInput | RangeIsOver refused) {
            throw new InvalidConfig(refused.getMessage(), refused);
        } catch (IOException | RuntimeException e) {
            LOG.info("What the savepoint {} has read cannot be told before the start", savepoint, e);
        }
    }

    private static Optional<ByteStreamStateHandle> progress(String savepoint) throws IOException {
        Path metadata = GivenSavepoint.metadata(new Path(savepoint));
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(metadata.getFileSystem().open(metadata)))) {
            return Checkpoints.loadCheckpointMetadata(in, SavepointInput.class.getClassLoader(), savepoint)
                    .getOperatorStates()
                    .stream()
                    .filter(operator ->
                            operator.getOperatorUid().filter(SOURCE::equals).isPresent())
                    .findFirst()
                    .map(OperatorState::getCoordinatorState);
        }
    }
}
