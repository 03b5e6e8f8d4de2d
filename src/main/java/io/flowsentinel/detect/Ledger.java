package io.flowsentinel.detect;

import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** What one key did, entry by entry. Small to touch, dear to read as a whole. */
interface Ledger {

    /** What is kept at a place; null where there is nothing. A change has to be put back. */
    Tally get(Place place);

    void put(Place place, Tally tally);

    void remove(Place place);

    /** Shows what is at the places asked for, in no order; nothing may be changed meanwhile. */
    void read(Predicate<Place> which, BiConsumer<Place, Tally> reader);
}
