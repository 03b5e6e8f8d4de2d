package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.runtime.state.internal.InternalValueState;

/** The ledger of the subject and the family at hand, in Flink's state: of the bucket at hand, by part. */
final class KeyedLedger implements Ledger {

    private final InternalValueState<Integer, SubjectPart, Page> pages;
    private Subject subject;
    private int family;

    KeyedLedger(InternalValueState<Integer, SubjectPart, Page> pages) {
        this.pages = pages;
    }

    /** Turns to the pages of a family about a subject. */
    KeyedLedger of(Subject whose, int familyCode) {
        subject = whose;
        family = familyCode;
        return this;
    }

    @Override
    public Page get(long pane) {
        turnTo(pane);
        try {
            return pages.value();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what is counted of " + subject, e);
        }
    }

    @Override
    public void put(long pane, Page page) {
        turnTo(pane);
        try {
            pages.update(page);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write what is counted of " + subject, e);
        }
    }

    @Override
    public void remove(long pane) {
        turnTo(pane);
        pages.clear();
    }

    private void turnTo(long pane) {
        pages.setCurrentNamespace(new SubjectPart(subject, family, pane));
    }
}
