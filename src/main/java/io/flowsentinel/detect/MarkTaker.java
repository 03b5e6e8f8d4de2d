package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Tally;

/** Takes what routers say, once it is known which part it is about. */
@FunctionalInterface
interface MarkTaker {

    /**
     * Adds to what is known.
     *
     * @param due epoch seconds of event time by which it has to be where it is judged
     * @param fact whether it is what else is known of the cell, not what counts
     * @param tally the caller's to give away
     */
    void add(SubjectPart part, long due, boolean fact, Cell cell, Tally tally);
}
