package io.flowsentinel.detect;

import io.flowsentinel.detect.Agenda.Filling;
import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.runtime.state.internal.InternalValueState;

/**
 * The ledger of the subject and the family at hand. Small pages, as nearly all are, stand in the agenda itself, which is
 * read and written anyway; the others are in state of their own, of the bucket at hand, by part, and stay there.
 */
final class KeyedLedger implements Ledger {

    private final InternalValueState<Integer, SubjectPart, Page> pages;
    private Subject subject;
    private Agenda agenda;

    KeyedLedger(InternalValueState<Integer, SubjectPart, Page> pages) {
        this.pages = pages;
    }

    /** Turns to the pages of a family about a subject. */
    KeyedLedger of(Subject whose, Agenda itsAgenda) {
        subject = whose;
        agenda = itsAgenda;
        return this;
    }

    @Override
    public Page get(long pane) {
        Filling filling = agenda.panes.get(pane);
        if (filling == null || !filling.elsewhere) {
            return filling == null ? null : filling.page;
        }
        turnTo(pane);
        try {
            return pages.value();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what is counted of " + subject, e);
        }
    }

    @Override
    public void put(long pane, Page page) {
        Filling filling = agenda.filling(pane);
        if (page.small() && !filling.elsewhere) {
            filling.page = page;
            return;
        }
        filling.page = null;
        filling.elsewhere = true;
        turnTo(pane);
        try {
            pages.update(page);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write what is counted of " + subject, e);
        }
    }

    @Override
    public void remove(long pane) {
        Filling filling = agenda.panes.get(pane);
        if (filling == null) {
            return;
        }
        if (filling.elsewhere) {
            turnTo(pane);
            pages.clear();
        }
        filling.elsewhere = false;
        filling.page = null;
    }

    private void turnTo(long pane) {
        pages.setCurrentNamespace(new SubjectPart(subject, agenda.family, pane));
    }
}
