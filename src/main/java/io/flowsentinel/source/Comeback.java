package io.flowsentinel.source;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.annotation.Nullable;

/**
 * What an operator is told when readers that were lost are all there again: among Flink's stack traces the one line that
 * says that it goes on, and from where.
 */
final class Comeback {

    private boolean lost;
    private final boolean restored;
    private boolean told;
    private int begun;

    /** Null where no checkpoint was completed yet, or not under this coordinator. */
    @Nullable
    private Instant lastCheckpoint;

    /** @param restored whether the coordinator itself begins with a checkpoint or a savepoint */
    Comeback(boolean restored) {
        this.restored = restored;
    }

    /** A reader is gone. */
    void lost() {
        lost = true;
    }

    /** From now on a failure costs what comes after this moment. */
    void checkpointed(Instant moment) {
        lastCheckpoint = moment;
    }

    /** Takes in objects that a reader had, or brings back from the checkpoint. */
    void returned(int objects) {
        begun += objects;
    }

    /**
     * All readers are there. Empty where none had been lost since this was asked last.
     *
     * @param closedSlot epoch seconds; {@link Long#MIN_VALUE} for none
     */
    Optional<String> complete(long closedSlot) {
        boolean first = !told;
        told = true;
        if (!lost && !(first && restored)) {
            begun = 0;
            return Optional.empty();
        }
        String why = lost
                ? "All readers are back, after a failure that stands further up, and on Flink's page under Exceptions: "
                : "All readers are there, and the job was running before: ";
        String read = closedSlot == Long.MIN_VALUE
                ? "no slot was read to its end"
                : "slots up to " + Instant.ofEpochSecond(closedSlot) + " were read";
        String from = lastCheckpoint == null
                ? "its last checkpoint or savepoint"
                : "the checkpoint that was completed at " + lastCheckpoint.truncatedTo(ChronoUnit.SECONDS);
        String line = why + "it goes on from " + from + ", " + read + "; " + begun
                + " objects are read again or on. Nothing is to be done unless this comes again and again";
        lost = false;
        begun = 0;
        return Optional.of(line);
    }
}
