package io.flowsentinel.size;

import java.io.Serializable;
import java.util.List;

/**
 * What happens up to one point of measurement, at which the source holds and event time stands still.
 *
 * @param point its name
 * @param bursts at least one
 * @param held what the tracker then holds
 */
record Step(String point, List<Burst> bursts, Held held) implements Serializable {

    private static final long serialVersionUID = 1L;

    /**
     * @param open connections that are open
     * @param waiting records that wait to be folded
     * @param silent keys of which only the trace of a silent connection is left
     * @param closed connections that have been closed so far
     */
    record Held(long open, long waiting, long silent, long closed) implements Serializable {

        private static final long serialVersionUID = 1L;
    }
}
