package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.Place;
import io.flowsentinel.detect.judging.Tally;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.util.FlinkRuntimeException;

/** The ledger of the key at hand, in Flink's state. */
final class KeyedLedger implements Ledger {

    private final MapState<Place, Tally> tallies;

    KeyedLedger(MapState<Place, Tally> tallies) {
        this.tallies = tallies;
    }

    @Override
    public Tally get(Place place) {
        try {
            return tallies.get(place);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot read " + place, e);
        }
    }

    @Override
    public void put(Place place, Tally tally) {
        try {
            tallies.put(place, tally);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot write " + place, e);
        }
    }

    @Override
    public void remove(Place place) {
        try {
            tallies.remove(place);
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot remove " + place, e);
        }
    }

    @Override
    public void read(Predicate<Place> which, BiConsumer<Place, Tally> reader) {
        try {
            for (Map.Entry<Place, Tally> entry : tallies.entries()) {
                Place place = entry.getKey();
                if (which.test(place)) {
                    reader.accept(place, entry.getValue());
                }
            }
        } catch (Exception e) {
            throw new FlinkRuntimeException("Cannot read a key's panes", e);
        }
    }
}
