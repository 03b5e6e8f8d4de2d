package io.flowsentinel.source;

import java.io.IOException;
import javax.annotation.Nullable;
import org.apache.flink.core.memory.DataInputDeserializer;

/**
 * What a savepoint says of its input and of how far that was read, held against what is to go on from it: by the job at its
 * start and, where the savepoint can be read there, before a job is started.
 */
public final class SavedInput {

    private SavedInput() {}

    /**
     * Refuses what the job would refuse at its start.
     *
     * @param coordinatorState of the source, as Flink has it in a savepoint: the version of its form, and of the progress
     *     in it, then that progress with its length
     * @param settings of the reading that is to go on from it
     * @throws OtherInput where the savepoint was taken over none of its roots
     * @throws RangeIsOver where the savepoint is past its end
     * @throws IOException where it cannot be read
     */
    public static void check(byte[] coordinatorState, SourceSettings settings) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(coordinatorState);
        in.readInt();
        int version = in.readInt();
        byte[] progress = new byte[in.readInt()];
        in.readFully(progress);
        RuntimeException refusal = refusal(new DiscoveryProgressSerializer().deserialize(version, progress), settings);
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Why a reading must not go on from this progress; null where it may, or begins anew. */
    @Nullable
    static RuntimeException refusal(DiscoveryProgress saved, SourceSettings settings) {
        try {
            if (!settings.allowOtherInput()) {
                Roots.check(settings.roots(), saved);
            }
        } catch (OtherInput other) {
            return other;
        }
        // The very end is allowed: event time stands there where a reading to it was stopped.
        long readUpTo = saved.readUpTo();
        return settings.goesOnFrom(saved) && readUpTo > settings.lastSlot()
                ? RangeIsOver.of(readUpTo, settings.to())
                : null;
    }
}
