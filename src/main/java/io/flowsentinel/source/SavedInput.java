package io.flowsentinel.source;

import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;

/** What a savepoint says of the input it was taken over, for who wants to know it before a job is started. */
public final class SavedInput {

    private SavedInput() {}

    /**
     * Refuses what the job would refuse at its start.
     *
     * @param coordinatorState of the source, as Flink has it in a savepoint: the version of its form, and of the progress
     *     in it, then that progress with its length
     * @param roots that are to be read
     * @throws OtherInput where the savepoint was taken over none of them
     * @throws IOException where it cannot be read
     */
    public static void check(byte[] coordinatorState, List<String> roots) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(coordinatorState);
        in.readInt();
        int version = in.readInt();
        byte[] progress = new byte[in.readInt()];
        in.readFully(progress);
        Roots.check(roots, new DiscoveryProgressSerializer().deserialize(version, progress));
    }
}
