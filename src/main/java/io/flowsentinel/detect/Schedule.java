package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Page;
import java.util.Arrays;

/**
 * When a subject is looked at next, and the agendas of the families that know of it: what everything that counts touches.
 *
 * <p>Nearly all subjects have one agenda, and that has nothing but one small page of one pane. Of such a one the page alone
 * is kept, and the agenda made again when it is asked for.
 */
final class Schedule {

    /** It is not looked at. */
    static final long NEVER = Long.MAX_VALUE;

    private static final Agenda[] NONE = {};

    /** Epoch seconds of event time. */
    long wakeAt = NEVER;

    /** Mostly one. */
    private Agenda[] agendas = NONE;

    /** Of the only agenda all there is, its family and the pane it is of; null where there is more, or nothing. */
    private Page only;

    private int family;
    private long pane;

    /** The agenda of a family; null where there is none. */
    Agenda known(int code) {
        for (Agenda agenda : agendas()) {
            if (agenda.family == code) {
                return agenda;
            }
        }
        return null;
    }

    /** The agenda of a family, begun where there is none. */
    Agenda agenda(int code) {
        Agenda known = known(code);
        if (known != null) {
            return known;
        }
        Agenda begun = new Agenda(code);
        add(begun);
        return begun;
    }

    void add(Agenda agenda) {
        agendas = Arrays.copyOf(agendas(), agendas.length + 1);
        agendas[agendas.length - 1] = agenda;
    }

    /** Strikes out what a family has. */
    void remove(int code) {
        agendas =
                Arrays.stream(agendas()).filter(agenda -> agenda.family != code).toArray(Agenda[]::new);
    }

    /** All of them; not to be changed. */
    Agenda[] agendas() {
        agendas = unpacked();
        only = null;
        return agendas;
    }

    /** The same for whoever only reads it: a snapshot is written while others may read it as well. */
    Agenda[] unpacked() {
        return only == null ? agendas : new Agenda[] {Agenda.of(family, pane, only)};
    }

    /** Keeps as little as there is to keep, until an agenda is asked for: agendas asked for before are not to be used then. */
    void pack() {
        Page page = agendas.length == 1 ? agendas[0].onlyPage() : null;
        if (page != null) {
            only = page;
            family = agendas[0].family;
            pane = agendas[0].panes.first();
            agendas = NONE;
        }
    }

    Schedule copy() {
        Schedule copy = new Schedule();
        copy.wakeAt = wakeAt;
        copy.agendas = Arrays.stream(agendas).map(Agenda::copy).toArray(Agenda[]::new);
        copy.only = only == null ? null : only.copy();
        copy.family = family;
        copy.pane = pane;
        return copy;
    }
}
