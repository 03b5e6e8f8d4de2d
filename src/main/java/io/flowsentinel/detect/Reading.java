package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.Pane;
import java.util.SortedMap;
import java.util.TreeMap;

/** The panes of one family in a ledger, read when they are first asked for and once for all panes that are judged together. */
final class Reading {

    private final Ledger ledger;
    private final Family family;
    private SortedMap<Long, Pane> panes;

    Reading(Ledger ledger, Family family) {
        this.ledger = ledger;
        this.family = family;
    }

    /** All panes kept, by their start, in the form in which they are judged. */
    SortedMap<Long, Pane> panes(Agenda agenda) {
        if (panes == null) {
            panes = new TreeMap<>();
            agenda.panes.forEach((start, filling) ->
                    panes.put(start, Pane.of(ledger.get(start), filling.full(family.most()), family.most())));
        }
        return panes;
    }

    /** Strikes the panes that begin earlier from the agenda, and their pages from the ledger. */
    void forgetBefore(long pane, Agenda agenda) {
        agenda.forgetBefore(pane, ledger::remove);
        if (panes != null) {
            panes.headMap(pane).clear();
        }
    }
}
