package io.flowsentinel.detect;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** A ledger without Flink. */
final class LedgerInMemory implements Ledger {

    final Map<Place, Tally> tallies = new HashMap<>();

    @Override
    public Tally get(Place place) {
        return tallies.get(place);
    }

    @Override
    public void put(Place place, Tally tally) {
        tallies.put(place, tally);
    }

    @Override
    public void remove(Place place) {
        tallies.remove(place);
    }

    @Override
    public void read(BiConsumer<Place, Tally> reader) {
        tallies.forEach(reader);
    }
}
