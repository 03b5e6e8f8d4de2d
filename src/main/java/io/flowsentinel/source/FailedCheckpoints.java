package io.flowsentinel.source;

import java.util.Optional;

/** What an operator is told when checkpoints are not completed: of several in a row, the first. */
final class FailedCheckpoints {

    private boolean failing;

    /** Empty where the one before was not completed either. */
    Optional<String> aborted(long checkpointId) {
        if (failing) {
            return Optional.empty();
        }
        failing = true;
        return Optional.of("Checkpoint " + checkpointId + " was not completed, for a reason that stands next to this"
                + " line, and on Flink's page under Checkpoints: readers of the feeds see nothing new until one is, and"
                + " what was written before is lost if that takes longer than sink.transaction-timeout");
    }

    void completed() {
        failing = false;
    }
}
