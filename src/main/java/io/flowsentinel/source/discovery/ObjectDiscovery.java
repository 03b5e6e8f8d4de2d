package io.flowsentinel.source.discovery;

import java.io.IOException;

/** Finds objects. Listing is one way; a queue of storage events can be another. Used by one thread. */
public interface ObjectDiscovery extends AutoCloseable {

    /**
     * Finds the objects of a range, or the first part of them: what is left out comes with the next calls, which ask for
     * the same range and not {@code anew}, until {@link Discovered#isComplete()}.
     *
     * @param anew whether to look also for places that were not there before, such as accounts and regions, and so to
     *     begin at the start of the range
     * @throws java.io.FileNotFoundException when a root does not exist and is not waited for; names it
     * @throws IOException when a place cannot be listed; names it; the next call goes on where this one failed
     */
    Discovered discover(SlotRange wanted, boolean anew) throws IOException;

    @Override
    void close();
}
