package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.model.IpAddress;

/**
 * How many connections each originator opened that did not fail, by pane, until they have to be told: originators open very
 * many, and of these only the number counts.
 */
final class Opened {

    static final Cell SUCCESSFUL = Cell.ofSubject("successful");
    static final Cell UNDECIDED = Cell.ofSubject("undecided");

    /** Of each originator: the pane, and how many there are in it. */
    private static final int PANE = 0;

    private static final int SUCCESSES = 1;
    private static final int OTHERS = 2;

    private static final long NONE = Long.MAX_VALUE;

    private final Family family;
    private final Whom originators = new Whom();
    private long earliestPane = NONE;

    /** @param family whose subjects they are, by scope and address */
    Opened(Family family) {
        this.family = family;
    }

    /**
     * Counts one.
     *
     * @param scope of the originator; null where it has none
     * @param pane the start of the pane it belongs to
     */
    void count(String scope, IpAddress originator, long pane, boolean successful, Marks marks) {
        if (originators.size() == Whom.MOST) {
            tellAll(marks);
            originators.forgetAll();
        }
        int number = originators.numberOf(scope, originator);
        if (originators.get(number, PANE) != pane) {
            tell(number, marks);
            originators.set(number, PANE, pane);
        }
        int kind = successful ? SUCCESSES : OTHERS;
        originators.set(number, kind, originators.get(number, kind) + 1);
        earliestPane = Math.min(earliestPane, pane);
    }

    /** Tells all there is if some of it has to be there when event time is this far, in epoch seconds. */
    void tellDue(long time, Marks marks) {
        if (earliestPane != NONE && marks.panes().evaluatedAt(earliestPane) <= time) {
            tellAll(marks);
        }
    }

    private void tellAll(Marks marks) {
        originators.forEach(number -> tell(number, marks));
        earliestPane = NONE;
    }

    private void tell(int number, Marks marks) {
        tell(number, SUCCESSES, SUCCESSFUL, marks);
        tell(number, OTHERS, UNDECIDED, marks);
    }

    private void tell(int number, int kind, Cell cell, Marks marks) {
        long count = originators.get(number, kind);
        if (count > 0) {
            long pane = originators.get(number, PANE);
            String scope = (String) originators.one(number);
            Subject subject = Subject.of(family.space(), scope, (IpAddress) originators.other(number));
            marks.add(subject, cell, true, pane, pane, Tally.fact(0, count));
            originators.set(number, kind, 0);
        }
    }
}
