package io.flowsentinel.detect;

import io.flowsentinel.model.Alert;
import java.util.List;

/**
 * An alert as its own family sees it, on its way to be held against those of other families.
 *
 * @param alert what there is to say
 * @param ties of a Create, whom it is about, see {@link Ties}; empty for all others
 */
public record Ruling(Alert alert, List<String> ties) {

    static Ruling of(Alert alert) {
        return new Ruling(alert, List.of());
    }
}
