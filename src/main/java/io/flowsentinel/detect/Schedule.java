package io.flowsentinel.detect;

import it.unimi.dsi.fastutil.ints.Int2ObjectArrayMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;

/** When a subject is looked at next, and the agendas of the families that know of it: what everything that counts touches. */
final class Schedule {

    /** It is not looked at. */
    static final long NEVER = Long.MAX_VALUE;

    /** Mostly one. */
    final Int2ObjectMap<Agenda> agendas = new Int2ObjectArrayMap<>(1);

    /** Epoch seconds of event time. */
    long wakeAt = NEVER;

    /** The agenda of a family, begun where there is none. */
    Agenda agenda(int family) {
        Agenda known = agendas.get(family);
        if (known != null) {
            return known;
        }
        Agenda begun = new Agenda();
        agendas.put(family, begun);
        return begun;
    }

    Schedule copy() {
        Schedule copy = new Schedule();
        agendas.forEach((family, agenda) -> copy.agendas.put((int) family, agenda.copy()));
        copy.wakeAt = wakeAt;
        return copy;
    }
}
