package io.flowsentinel.day;

import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Nic;
import java.util.List;

/**
 * Which interfaces are there. Incident: one that was there for longer than a day writes no more. Another one lives for
 * an hour only: nobody misses it.
 */
final class Lifetimes implements Episode {

    private static final long DELETED = seconds(Clock.at(20, 0));
    private static final long FIRST_OF_SHORT_LIFE = seconds(Clock.at(10, 0));
    private static final long LAST_OF_SHORT_LIFE = seconds(Clock.at(11, 0));

    private final DayEstate estate;

    Lifetimes(DayEstate estate) {
        this.estate = estate;
    }

    /** Whether the interface writes a record that ends then. */
    boolean writes(Nic nic, long endSeconds) {
        if (nic.equals(estate.deleted)) {
            return endSeconds < DELETED;
        }
        return !nic.equals(estate.shortLived) || endSeconds >= FIRST_OF_SHORT_LIFE && endSeconds < LAST_OF_SHORT_LIFE;
    }

    @Override
    public void play(Minute minute) {
        // An interface without traffic says so (NODATA); what matters is when it no longer does.
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.low("silent-interface", "interface=" + estate.deleted.interfaceId()));
    }

    private static long seconds(int minute) {
        return Clock.START.getEpochSecond() + minute * 60L;
    }
}
