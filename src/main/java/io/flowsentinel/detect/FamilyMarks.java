package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;

/** What a family's router says, put into the family's panes. */
final class FamilyMarks implements Marks {

    private final Family family;
    private final Panes panes;
    private final MarkTaker taker;

    FamilyMarks(Family family, Panes panes, MarkTaker taker) {
        this.family = family;
        this.panes = panes;
        this.taker = taker;
    }

    @Override
    public void add(Subject subject, Cell cell, boolean fact, long start, long decidedAt, Tally tally) {
        long pane = panes.entering(start, decidedAt);
        taker.add(new SubjectPart(subject, family.code(), pane), panes.evaluatedAt(pane), fact, cell, tally);
    }

    @Override
    public Panes panes() {
        return panes;
    }
}
