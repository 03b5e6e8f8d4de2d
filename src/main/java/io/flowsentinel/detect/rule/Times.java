package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;

/**
 * How often each of a few kinds of things happened to somebody, by pane, until it has to be told: they are very many, and
 * of these only the number counts.
 */
final class Times {

    /** Kinds of things that are told apart. */
    static final int MOST_KINDS = 2;

    /** Of each, in front of how often each kind of thing happened. */
    private static final int PANE = 0;

    private static final int KINDS = 1;

    private static final long NONE = Long.MAX_VALUE;

    private final Whose whose;
    private final Cell[] kinds;
    private final Whom whom = new Whom();
    private long earliestPane = NONE;

    /** Tells whose pane it is. */
    interface Whose {

        /**
         * The subject.
         *
         * @param scope may be null
         * @param who an address or an endpoint, whichever was counted
         */
        Subject of(String scope, Object who);
    }

    /** @param kinds what is told of things of each kind; at most {@link #MOST_KINDS} */
    Times(Whose whose, Cell... kinds) {
        this.whose = whose;
        this.kinds = kinds.clone();
    }

    /**
     * Counts one.
     *
     * @param scope may be null
     * @param pane the start of the pane it belongs to
     * @param kind its place among the kinds
     */
    void count(String scope, IpAddress who, long pane, int kind, Marks marks) {
        makeRoom(marks);
        count(whom.numberOf(scope, who, nth(pane, marks)), pane, kind, marks);
    }

    /** The same of an address and a port. */
    void count(String scope, Endpoint who, long pane, int kind, Marks marks) {
        makeRoom(marks);
        count(whom.numberOf(scope, who, nth(pane, marks)), pane, kind, marks);
    }

    private static long nth(long pane, Marks marks) {
        return pane / marks.panes().length();
    }

    private void makeRoom(Marks marks) {
        if (whom.size() == Whom.MOST) {
            tellAll(marks);
        }
    }

    /** Panes that are very far apart may have one number. */
    private void count(int number, long pane, int kind, Marks marks) {
        if (whom.get(number, PANE) != pane) {
            tell(number, marks);
            whom.set(number, PANE, pane);
        }
        whom.set(number, KINDS + kind, whom.get(number, KINDS + kind) + 1);
        earliestPane = Math.min(earliestPane, pane);
    }

    /**
     * Tells all there is if some of it has to be there when event time is this far.
     *
     * @param time epoch seconds; {@link Long#MAX_VALUE} where nothing may be left
     */
    void tellDue(long time, Marks marks) {
        if (earliestPane != NONE && marks.panes().evaluatedAt(earliestPane) <= time) {
            tellAll(marks);
        }
    }

    private void tellAll(Marks marks) {
        whom.forEach(number -> tell(number, marks));
        whom.forgetAll();
        earliestPane = NONE;
    }

    private void tell(int number, Marks marks) {
        for (int kind = 0; kind < kinds.length; kind++) {
            long count = whom.get(number, KINDS + kind);
            if (count > 0) {
                long pane = whom.get(number, PANE);
                Subject subject = whose.of((String) whom.one(number), whom.other(number));
                marks.add(subject, kinds[kind], true, pane, pane, Tally.fact(0, count));
                whom.set(number, KINDS + kind, 0);
            }
        }
    }
}
