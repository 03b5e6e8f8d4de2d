package io.flowsentinel.source;

import java.util.List;

/**
 * What some consecutive lines of one object gave, with their account. The unit of progress: given out as a whole, so that
 * a checkpoint never falls within a line, and never between a line and its account.
 *
 * @param elements in the order of the lines
 * @param after how far the object has been read with this batch
 * @param newLines how many lines are in this batch
 * @param newBytes how many stored bytes were consumed for this batch
 * @param outcome what is behind its last line
 */
record LineBatch<T>(List<T> elements, ObjectSplit after, long newLines, long newBytes, Outcome outcome) {

    /** What is behind the last line of a batch. */
    enum Outcome {
        MORE_LINES,

        /** A fault, after which the object is read anew. */
        RETRIED,

        /** The end of the object. */
        READ,

        /** A fault that stays. */
        FAILED
    }
}
