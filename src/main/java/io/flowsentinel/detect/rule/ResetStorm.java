package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.Severity;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Most connections to an internal responder's port end by a reset, in two panes in a row: a service that breaks, or
 * somebody who cuts its connections. They are counted when they were reset, not when they began.
 *
 * <p>Not a storm: idle connections that a timeout resets; health checks and other habits, by the port's own average; one
 * originator's crash. A connection that both sides closed is held against the resets at its end.
 */
final class ResetStorm extends Flood {

    static final String ID = "reset-storm";

    private static final String RATE = "resets_per_minute";
    private static final String ORIGINATORS = "originators";

    ResetStorm(RuleSettings rule) {
        super(rule, FloodRouter.RESET, RATE, "resets");
    }

    @Override
    Sighting.Builder condition(
            Window window, Window pane, boolean covered, List<PaneTally> flood, Sighting.Builder sighting) {
        long resets = Surge.count(flood, FloodRouter.RESET);
        long closed = normal(pane, FloodRouter.CLOSED, covered);
        if (resets <= rule().threshold("share") * (resets + closed)) {
            return null;
        }
        if (originators(pane, covered).size() < rule().threshold(ORIGINATORS)) {
            return null;
        }
        return sighting.severity(Severity.MEDIUM)
                .distinct(ORIGINATORS, originators(window, covered))
                .ties(List.of(Ties.responder(flood.get(0).tally().first())));
    }

    /** @param covered those whom an allow-list covers too */
    private static Set<Long> originators(Window window, boolean covered) {
        Set<Long> originators = new TreeSet<>();
        window.facts().forEach((cell, bits) -> {
            if ((bits & FloodRouter.RESET_ORIGINATOR) != 0
                    && (covered || !cell.allowedBy().containsKey(ID))) {
                originators.add(Cell.fingerprint(cell.address(), 0, 0));
            }
        });
        return originators;
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Reset storm: %s port %s had up to %s a minute of %s, %d in all"
                .formatted(
                        entity.get("responder"),
                        entity.get("port"),
                        Wording.counted(numbers.get(RATE), "reset"),
                        Wording.counted(numbers.get(ORIGINATORS), "originator"),
                        numbers.get("connections"));
    }
}
