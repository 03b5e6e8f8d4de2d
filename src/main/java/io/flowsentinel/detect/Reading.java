package io.flowsentinel.detect;

import io.flowsentinel.detect.Agenda.Filling;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.Pane;
import java.util.SortedMap;
import java.util.function.BiConsumer;

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
            panes = Pane.read(ledger, family.code());
            panes.forEach((start, pane) -> {
                Filling filling = agenda.panes.get(start);
                pane.seal(filling != null && filling.full(family.most()), family.most());
            });
        }
        return panes;
    }

    /**
     * Removes the panes that begin earlier from the ledger.
     *
     * @param last is shown each of them before
     */
    void forgetBefore(long pane, Agenda agenda, BiConsumer<Long, Pane> last) {
        SortedMap<Long, Pane> old = panes(agenda).headMap(pane);
        old.forEach((start, forgotten) -> {
            last.accept(start, forgotten);
            forgotten.places().forEach(ledger::remove);
        });
        old.clear();
    }
}
