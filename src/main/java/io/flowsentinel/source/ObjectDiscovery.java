package io.flowsentinel.source;

import java.io.IOException;

/** Finds objects. Listing is one way; a queue of storage events can be another. Used by one thread. */
interface ObjectDiscovery {

    /**
     * Finds the objects of a range.
     *
     * @throws IOException when a root does not exist or cannot be listed; names it
     */
    Discovered discover(SlotRange range) throws IOException;
}
