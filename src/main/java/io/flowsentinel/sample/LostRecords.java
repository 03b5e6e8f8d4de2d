package io.flowsentinel.sample;

/** Once, AWS runs out of capacity at a busy interface and says so in a SKIPDATA record. */
final class LostRecords implements Script {

    private static final int MINUTE = 90;

    private final Estate estate;
    private final Wire wire;

    LostRecords(Estate estate, Wire wire) {
        this.estate = estate;
        this.wire = wire;
    }

    @Override
    public void play(Minute minute) {
        if (minute.index() == MINUTE) {
            wire.lose(estate.balancers.get(1), minute.at(30_000));
        }
    }
}
