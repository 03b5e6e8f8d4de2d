package io.flowsentinel.detect.judging;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** A ledger without Flink. */
public final class LedgerInMemory implements Ledger {

    public final Map<Place, Tally> tallies = new HashMap<>();

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
    public void read(Predicate<Place> which, BiConsumer<Place, Tally> reader) {
        tallies.forEach((place, tally) -> {
            if (which.test(place)) {
                reader.accept(place, tally);
            }
        });
    }
}
