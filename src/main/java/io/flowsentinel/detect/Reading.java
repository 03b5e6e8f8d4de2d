package io.flowsentinel.detect;

import io.flowsentinel.detect.Agenda.Filling;
import java.util.SortedMap;

/** The panes of a ledger, read when they are first asked for and once for all panes that are judged together. */
final class Reading {

    private final Ledger ledger;
    private SortedMap<Long, Pane> panes;

    Reading(Ledger ledger) {
        this.ledger = ledger;
    }

    /** All panes kept, by their start, in the form in which they are judged. */
    SortedMap<Long, Pane> panes(Agenda agenda) {
        if (panes == null) {
            panes = Pane.read(ledger);
            panes.forEach((start, pane) -> {
                Filling filling = agenda.panes.get(start);
                pane.seal(filling != null && filling.full());
            });
        }
        return panes;
    }

    /** Removes the panes that begin earlier from the ledger. */
    void forgetBefore(long pane, Agenda agenda) {
        SortedMap<Long, Pane> old = panes(agenda).headMap(pane);
        for (Pane forgotten : old.values()) {
            forgotten.places().forEach(ledger::remove);
        }
        old.clear();
    }
}
