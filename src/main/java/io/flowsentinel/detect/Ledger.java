package io.flowsentinel.detect;

import java.util.function.BiConsumer;

/** What one key did, entry by entry. Small to touch, dear to read as a whole. */
interface Ledger {

    /** What is kept at a place; null where there is nothing. A change has to be put back. */
    Tally get(Place place);

    void put(Place place, Tally tally);

    void remove(Place place);

    /** Shows everything, in no order; nothing may be changed meanwhile. */
    void read(BiConsumer<Place, Tally> reader);
}
