package io.flowsentinel.day;

import io.flowsentinel.sample.Minute;
import io.flowsentinel.sample.Wire;
import java.util.List;

/** Incident: AWS loses records of one interface again and again. Of another it does so once, as on any day. */
final class LostRecords implements Episode {

    private static final int FIRST = Clock.at(15, 0);

    private final DayEstate estate;
    private final Wire wire;

    LostRecords(DayEstate estate, Wire wire) {
        this.estate = estate;
        this.wire = wire;
    }

    @Override
    public void play(Minute minute) {
        if (minute.isIn(FIRST, FIRST + 15) && minute.isEvery(5, FIRST)) {
            wire.lose(estate.telephony, minute.at(30_000));
        }
        if (minute.index() == FIRST + 30) {
            wire.lose(estate.database, minute.at(30_000));
        }
    }

    @Override
    public List<Expected> expected() {
        return List.of(Expected.low("skipdata-gap", "interface=" + estate.telephony.interfaceId()));
    }
}
