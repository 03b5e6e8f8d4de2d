package io.flowsentinel.source;

import java.util.List;
import javax.annotation.Nullable;

/**
 * What some consecutive lines of one object gave. The unit of progress: given out as a whole, so that a checkpoint never
 * falls within a line.
 *
 * @param elements in the order of the lines
 * @param lines how many lines of the object have been given out with this batch
 * @param newLines how many of them are in this batch
 * @param storedBytes how many stored bytes were consumed for this batch
 * @param ending null while more batches follow
 */
record LineBatch<T>(List<T> elements, long lines, int newLines, long storedBytes, @Nullable Ending ending) {

    /**
     * The object is over.
     *
     * @param failed whether before its end
     * @param latestSeconds the latest event second in it; {@link Long#MIN_VALUE} if none
     */
    record Ending(boolean failed, long latestSeconds) {}
}
