package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Panes;

/**
 * In which panes somebody was there, told as seldom as can be: whoever is missed only after a while need not be heard of in
 * every pane. When a pane is judged either the last one before it in which somebody was there is known, or one that is less
 * than the while ago. So nobody is missed who is there, and of who is gone for the while or longer it is known since when.
 *
 * <p>Panes may come in any order.
 */
final class StillThere {

    /** Of each: the newest pane that was told, and a bit of that pane and each before it that was. */
    private static final int TOLD = 0;

    private static final int BITS = 1;

    /** The newest pane, told or not. */
    private static final int LATEST = 2;

    private static final long NONE = Long.MAX_VALUE;

    private final long unheard;
    private final Whom whom = new Whom();
    private long earliestDue = NONE;

    /** @param unheard the while, in seconds; 0 to tell of each pane */
    StillThere(long unheard) {
        this.unheard = unheard;
    }

    /** Tells that who has a number was there in a pane. */
    interface Teller {
        void tell(int number, long pane);
    }

    /** Whether there is room for nobody else: before the next is asked for, {@link #forgetAll}. */
    boolean full() {
        return whom.size() == Whom.MOST;
    }

    /** Tells all that was put off, and begins anew. */
    void forgetAll(Panes panes, Teller teller) {
        tellDue(Long.MAX_VALUE, panes, teller);
        whom.forgetAll();
    }

    /** See {@link Whom#numberOf}. */
    int numberOf(Object one, Object other, long hash) {
        return whom.numberOf(one, other, hash);
    }

    /** Whether who has this number was last heard of in this pane: then nothing is news. */
    boolean isLatest(int number, long pane) {
        return whom.get(number, BITS) != 0 && whom.get(number, LATEST) == pane;
    }

    /** Whether it has to be told now that who has this number was there in a pane, see {@link #tell}. */
    boolean isNews(int number, long pane, Panes panes) {
        long bits = whom.get(number, BITS);
        long told = whom.get(number, TOLD);
        if (bits == 0) {
            return true;
        }
        if (pane <= told) {
            return pane < told && isNewsBefore((told - pane) / panes.length(), bits, panes);
        }
        if (pane - told >= unheard) {
            return true;
        }
        if (pane > whom.get(number, LATEST)) {
            whom.set(number, LATEST, pane);
            earliestDue = Math.min(earliestDue, due(number, panes));
        }
        return false;
    }

    /** The same of a pane that so many come after, the newest that was told being the last. */
    private boolean isNewsBefore(long after, long bits, Panes panes) {
        if (after >= Long.SIZE) {
            return true;
        }
        long older = bits >>> after;
        if (older == 0) {
            return true;
        }
        long next = Long.SIZE - 1L - Long.numberOfLeadingZeros(bits & (1L << after) - 1);
        long last = after + Long.numberOfTrailingZeros(older);
        return last != after && (last - next) * panes.length() > unheard;
    }

    /** Tells that somebody was there in a pane, and before it what was put off, if it is too long since the one before. */
    void tell(int number, long pane, Panes panes, Teller teller) {
        long told = whom.get(number, TOLD);
        long after = (told - pane) / panes.length();
        if (whom.get(number, BITS) == 0 || after < 0) {
            if (pane - told > unheard) {
                tellPutOff(number, panes, teller);
            }
            advance(number, pane, panes);
        } else if (after < Long.SIZE) {
            whom.set(number, BITS, whom.get(number, BITS) | 1L << after);
        }
        teller.tell(number, pane);
    }

    /**
     * Tells what was put off if some of it has to be there when event time is this far.
     *
     * @param time epoch seconds; {@link Long#MAX_VALUE} where nothing may be left
     */
    void tellDue(long time, Panes panes, Teller teller) {
        if (earliestDue <= time) {
            earliestDue = NONE;
            whom.forEach(number -> {
                long due = due(number, panes);
                if (due <= time) {
                    tellPutOff(number, panes, teller);
                } else {
                    earliestDue = Math.min(earliestDue, due);
                }
            });
        }
    }

    /** Event time by which it has to be told what was put off; {@link #NONE} for nothing. */
    private long due(int number, Panes panes) {
        long told = whom.get(number, TOLD);
        return whom.get(number, LATEST) > told ? panes.evaluatedAt(told + unheard) : NONE;
    }

    private void tellPutOff(int number, Panes panes, Teller teller) {
        long latest = whom.get(number, LATEST);
        if (latest > whom.get(number, TOLD)) {
            advance(number, latest, panes);
            teller.tell(number, latest);
        }
    }

    private void advance(int number, long pane, Panes panes) {
        long bits = whom.get(number, BITS);
        long ahead = bits == 0 ? Long.SIZE : (pane - whom.get(number, TOLD)) / panes.length();
        whom.set(number, BITS, ahead >= Long.SIZE ? 1 : bits << ahead | 1);
        whom.set(number, TOLD, pane);
        whom.set(number, LATEST, pane);
    }

    Object one(int number) {
        return whom.one(number);
    }

    Object other(int number) {
        return whom.other(number);
    }
}
