package io.flowsentinel.size;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.checkpoint.SubtaskStateStats;
import org.apache.flink.runtime.checkpoint.TaskStateStats;
import org.apache.flink.runtime.jobgraph.JobVertexID;

/**
 * One checkpoint of the tracker.
 *
 * @param bytes of the state as a whole: what a restore reads
 * @param newBytes what this checkpoint has written of it; less where it is incremental
 * @param syncMillis how long it held up the slowest subtask
 * @param asyncMillis how long the slowest subtask wrote beside its work
 * @param totalMillis from the trigger to the last acknowledgement
 * @param folder of the files it shares with no other
 * @param reachedAt epoch milliseconds at which the tracker was through with everything before the checkpoint
 */
record CheckpointSize(
        long id,
        long bytes,
        long newBytes,
        long syncMillis,
        long asyncMillis,
        long totalMillis,
        long reachedAt,
        Path folder) {

    static CheckpointSize of(CompletedCheckpointStats checkpoint, JobVertexID tracker) {
        TaskStateStats state = checkpoint.getTaskStateStats(tracker);
        return new CheckpointSize(
                checkpoint.getCheckpointId(),
                state.getStateSize(),
                state.getCheckpointedSize(),
                longest(state, SubtaskStateStats::getSyncCheckpointDuration),
                longest(state, SubtaskStateStats::getAsyncCheckpointDuration),
                checkpoint.getEndToEndDuration(),
                checkpoint.getTriggerTimestamp() + longest(state, CheckpointSize::untilLastBarrier),
                Path.of(URI.create(checkpoint.getExternalPath())));
    }

    /** The first barrier comes with the start, the last one with the end of the alignment. */
    private static long untilLastBarrier(SubtaskStateStats subtask) {
        return subtask.getCheckpointStartDelay() + subtask.getAlignmentDuration();
    }

    private static long longest(TaskStateStats state, ToLongFunction<SubtaskStateStats> duration) {
        return Arrays.stream(state.getSubtaskStats()).mapToLong(duration).max().orElse(0);
    }
}
