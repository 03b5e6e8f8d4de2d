package io.flowsentinel.detect.judging;

import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** What one key did, entry by entry. Small to touch, dear to read as a whole. */
public interface Ledger {

    /** What is kept at a place; null where there is nothing. A change has to be put back. */
    Tally get(Place place);

    /** Keeps a tally at a place, instead of the one that is there. */
    void put(Place place, Tally tally);

    /** Empties a place. */
    void remove(Place place);

    /** Shows what is at the places asked for, in no order; nothing may be changed meanwhile. */
    void read(Predicate<Place> which, BiConsumer<Place, Tally> reader);
}
