package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * An internal responder's port gets floods of connections that nobody goes on with, in two panes in a row. An open port
 * answers spoofed SYNs, so only the few packets of their originators tell them from connections that wait.
 *
 * <p>Not a flood: a busy service, which completes connections too; a port that always gets as many, by its own average;
 * one bad pane. The rate is FastNetMon's kind of threshold; a log that lost a direction, or ends, says nothing of silence.
 */
final class SynFlood extends Flood {

    static final String ID = "syn-flood";

    private static final String RATE = "half_open_per_minute";

    SynFlood(RuleSettings rule) {
        super(rule, FloodRouter.HALF_OPEN, RATE, "half-open connections");
    }

    @Override
    Sighting.Builder condition(
            Window window, Window pane, boolean covered, List<PaneTally> flood, Sighting.Builder sighting) {
        long halfOpen = Surge.count(flood, FloodRouter.HALF_OPEN);
        long completed = normal(pane, FloodRouter.COMPLETED, covered);
        return completed >= rule().threshold("completed_ratio") * halfOpen
                ? null
                : sighting.severity(Severity.HIGH).ties(ties(flood));
    }

    /** A single originator, as far as the samples tell, may be one of whose flooding there is a finding already. */
    private static List<String> ties(List<PaneTally> flood) {
        List<Sample> samples =
                flood.stream().flatMap(entry -> entry.tally().firsts().stream()).toList();
        List<String> ties = new ArrayList<>();
        Ties.mostly(samples, Ties::originator).ifPresent(ties::add);
        ties.add(Ties.responder(flood.get(0).tally().first()));
        return ties;
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "SYN flood: %s port %s got up to %d half-open connections a minute, %d in all"
                .formatted(entity.get("responder"), entity.get("port"), numbers.get(RATE), numbers.get("connections"));
    }
}
