package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Prevalence;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.model.Alert;
import java.util.List;

/**
 * An alert as its own family sees it, on its way to be held against those of other families; or what those that settle
 * need to know of a moment.
 *
 * @param alert what there is to say; null where it is prevalence that is told
 * @param ties whom it is about as far as it goes by then, see {@link Ties}; null for a reminder and a Close, which tell of
 *     nothing new
 * @param prevalence who is prevalent at a moment; null where there is an alert
 * @param hearing who hears of it
 */
public record Ruling(Alert alert, List<String> ties, Prevalence prevalence, Hearing hearing) {

    /** Who hears of an alert. */
    enum Hearing {
        /** Whoever reads the feeds. */
        READERS,
        /** Readers of a finding that was held back, if nothing holds it back any more: more was counted. */
        READERS_IF_HELD_BACK,
        /** Nobody: the finding is forgotten, its rule was switched off. */
        NOBODY
    }

    Ruling(Alert alert, List<String> ties) {
        this(alert, ties, null, Hearing.READERS);
    }

    /** A reminder or a Close. */
    static Ruling of(Alert alert) {
        return new Ruling(alert, null);
    }

    /**
     * More is counted of a finding, though not so much more that readers are told. The alert is whole: it is the Create of a
     * finding that was held back, where nothing holds it back any more, and only those that settle know which one was.
     */
    static Ruling goesOn(Alert update, List<String> ties) {
        return new Ruling(update, ties, null, Hearing.READERS_IF_HELD_BACK);
    }

    /** A finding is over of which nothing more is said. */
    static Ruling silent(Alert close) {
        return new Ruling(close, null, null, Hearing.NOBODY);
    }

    static Ruling of(Prevalence prevalence) {
        return new Ruling(null, null, prevalence, Hearing.READERS);
    }

    /** Epoch milliseconds of the moment it is about. */
    long timeMillis() {
        return alert == null ? prevalence.timeMillis() : alert.timeMillis();
    }
}
