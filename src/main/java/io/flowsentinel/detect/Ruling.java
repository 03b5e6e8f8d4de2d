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
 * @param ties of a Create, whom it is about, see {@link Ties}; empty for all others
 * @param prevalence who is prevalent at a moment; null where there is an alert
 * @param silent whether the finding is forgotten and nobody is to hear of it: its rule was switched off
 */
public record Ruling(Alert alert, List<String> ties, Prevalence prevalence, boolean silent) {

    Ruling(Alert alert, List<String> ties) {
        this(alert, ties, null, false);
    }

    static Ruling of(Alert alert) {
        return new Ruling(alert, List.of(), null, false);
    }

    /** A finding is over of which nothing more is said. */
    static Ruling silent(Alert close) {
        return new Ruling(close, List.of(), null, true);
    }

    static Ruling of(Prevalence prevalence) {
        return new Ruling(null, List.of(), prevalence, false);
    }

    /** Epoch milliseconds of the moment it is about. */
    long timeMillis() {
        return alert == null ? prevalence.timeMillis() : alert.timeMillis();
    }
}
