package io.flowsentinel.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes the packets of all scripts and hands out finished records, interface by interface, as time goes on. */
public final class Wire {

    /** Takes finished lines. */
    public interface Lines {

        /** One record of the interface whose {@code end} column is {@code endSeconds}. */
        void add(Nic nic, long endSeconds, String line) throws IOException;
    }

    private final Map<Nic, InterfaceLog> logs = new LinkedHashMap<>();
    private final long endMillis;

    /**
     * A wire past these interfaces; what happens before the start or after the end is not logged.
     *
     * @param dice decides about the order of records and how exact their times are
     */
    public Wire(List<Nic> nics, long startMillis, long endMillis, Dice dice) {
        this.endMillis = endMillis;
        for (Nic nic : nics) {
            logs.put(nic, new InterfaceLog(nic, startMillis, dice.fork(nic.interfaceId())));
        }
    }

    /** Packets of one kind at one instant. */
    public void log(Nic nic, View view, boolean accepted, long atMillis, int flags, long packets, long bytes) {
        if (atMillis < endMillis) {
            logs.get(nic).add(view, accepted, atMillis, flags, packets, bytes);
        }
    }

    /** The interface loses some records of the interval around this instant. */
    public void lose(Nic nic, long atMillis) {
        logs.get(nic).lose(atMillis);
    }

    /** Hands out every record whose interval ended by now. No packet before {@code nowMillis} may be logged after. */
    public void flush(long nowMillis, Lines lines) throws IOException {
        for (InterfaceLog log : new ArrayList<>(logs.values())) {
            log.flush(nowMillis, lines);
        }
    }
}
