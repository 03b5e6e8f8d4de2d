package io.flowsentinel.detect;

import java.util.Arrays;

/** When a subject is looked at next, and the agendas of the families that know of it: what everything that counts touches. */
final class Schedule {

    /** It is not looked at. */
    static final long NEVER = Long.MAX_VALUE;

    private static final Agenda[] NONE = {};

    /** Epoch seconds of event time. */
    long wakeAt = NEVER;

    /** Mostly one. */
    private Agenda[] agendas = NONE;

    /** The agenda of a family; null where there is none. */
    Agenda known(int family) {
        for (Agenda agenda : agendas) {
            if (agenda.family == family) {
                return agenda;
            }
        }
        return null;
    }

    /** The agenda of a family, begun where there is none. */
    Agenda agenda(int family) {
        Agenda known = known(family);
        if (known != null) {
            return known;
        }
        Agenda begun = new Agenda(family);
        add(begun);
        return begun;
    }

    void add(Agenda agenda) {
        agendas = Arrays.copyOf(agendas, agendas.length + 1);
        agendas[agendas.length - 1] = agenda;
    }

    /** Strikes out what a family has. */
    void remove(int family) {
        agendas =
                Arrays.stream(agendas).filter(agenda -> agenda.family != family).toArray(Agenda[]::new);
    }

    /** All of them; not to be changed. */
    Agenda[] agendas() {
        return agendas;
    }

    Schedule copy() {
        Schedule copy = new Schedule();
        copy.wakeAt = wakeAt;
        copy.agendas = Arrays.stream(agendas).map(Agenda::copy).toArray(Agenda[]::new);
        return copy;
    }
}
