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
final class HowOften<W> {

    /** Kinds of things that are told apart. */
    private static final int MOST_KINDS = Whom.MOST_NUMBERS - 1;

    /** Of each, in front of how often each kind of thing happened. */
    private static final int PANE = 0;

    private static final int KINDS = 1;

    private static final long NONE = Long.MAX_VALUE;

    private final Whose<W> whose;
    private final Cell[] kinds;
    private final Whom whom = new Whom();
    private long earliestPane = NONE;

    /** Tells whose pane it is; the scope may be null. */
    interface Whose<W> {
        Subject of(String scope, W who);
    }

    private HowOften(Whose<W> whose, Cell... kinds) {
        if (kinds.length > MOST_KINDS) {
            throw new IllegalArgumentException("At most " + MOST_KINDS + " kinds are told apart, not " + kinds.length);
        }
        this.whose = whose;
        this.kinds = kinds.clone();
    }

    /**
     * How often something happened to addresses.
     *
     * @param kinds what is told of things of each kind, two at most
     */
    static HowOften<IpAddress> ofAddresses(Whose<IpAddress> whose, Cell... kinds) {
        return new HowOften<>(whose, kinds);
    }

    /** The same of addresses and ports. */
    static HowOften<Endpoint> ofEndpoints(Whose<Endpoint> whose, Cell... kinds) {
        return new HowOften<>(whose, kinds);
    }

    /**
     * Counts one.
     *
     * @param scope may be null
     * @param pane the start of the pane it belongs to
     * @param kind its place among the kinds
     */
    void count(String scope, W who, long pane, int kind, Marks marks) {
        if (whom.size() == Whom.MOST) {
            tellAll(marks);
        }
        long nth = pane / marks.panes().length();
        int number = who instanceof Endpoint endpoint
                ? whom.numberOf(scope, endpoint, nth)
                : whom.numberOf(scope, (IpAddress) who, nth);
        // Panes that are very far apart may have one number.
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

    @SuppressWarnings("unchecked") // nobody else is put in
    private void tell(int number, Marks marks) {
        for (int kind = 0; kind < kinds.length; kind++) {
            long count = whom.get(number, KINDS + kind);
            if (count > 0) {
                long pane = whom.get(number, PANE);
                Subject subject = whose.of((String) whom.one(number), (W) whom.other(number));
                marks.add(subject, kinds[kind], true, pane, pane, Tally.fact(0, count));
                whom.set(number, KINDS + kind, 0);
            }
        }
    }
}
