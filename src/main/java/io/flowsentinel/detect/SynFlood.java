package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * An internal responder's port gets floods of connections that nobody goes on with, in two panes in a row. An open port
 * answers spoofed SYNs, so only the few packets of their originators tell them from connections that wait.
 *
 * <p>Not a flood: a busy service, which completes connections too; a port that always gets as many, by its own average;
 * one bad pane. The rate is FastNetMon's kind of threshold; a log that lost a direction, or ends, says nothing of silence.
 *
 * <p>It learns by judging each pane: the average stands still while the condition holds, which only judging can tell.
 */
final class SynFlood implements Detector {

    static final String ID = "syn-flood";

    private static final String RATE = "half_open_per_minute";

    private final RuleSettings rule;

    SynFlood(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    /** Every pane is in the average. */
    @Override
    public double least() {
        return 1;
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        if (window.tallies().isEmpty()) {
            return List.of();
        }
        Surge surge = new Surge(ID, window, memory);
        return surge.lasting(
                AllowLists.accuse(ID, window.tallies(), tallies -> condition(tallies, surge)), FloodRouter.HALF_OPEN);
    }

    private Sighting.Builder condition(List<PaneTally> tallies, Surge surge) {
        long halfOpen = Surge.count(tallies, FloodRouter.HALF_OPEN);
        long completed = Surge.count(tallies, FloodRouter.COMPLETED);
        double rate = surge.perMinute(halfOpen);
        if (rate < rule.threshold(RATE)
                || rate <= rule.threshold("ewma_factor") * surge.usual()
                || completed >= rule.threshold("completed_ratio") * halfOpen) {
            return null;
        }
        List<PaneTally> contributing = tallies.stream()
                .filter(entry -> entry.cell().side().equals(FloodRouter.HALF_OPEN))
                .toList();
        Sample example = contributing.get(0).tally().first();
        List<EntityField> entity = List.of(
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(example.responder().port())));
        return Sighting.of(rule, entity, contributing)
                .scope(example.scope())
                .severity(Severity.HIGH)
                .over(RATE, rule.threshold(RATE))
                .peak(RATE, (long) rate)
                .anomaly(surge.anomaly("half-open connections", rate), Sighting.ANY_DAY)
                .ties(ties(contributing, example));
    }

    /** A single originator, as far as the samples tell, may be one of whose flooding there is a finding already. */
    private static List<String> ties(List<PaneTally> contributing, Sample example) {
        List<Sample> samples = contributing.stream()
                .flatMap(entry -> entry.tally().firsts().stream())
                .toList();
        List<String> ties = new ArrayList<>();
        Ties.mostly(samples, Ties::originator).ifPresent(ties::add);
        ties.add(Ties.responder(example));
        return ties;
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public long forget(Memory memory, long time) {
        return Surge.forget(ID, memory, time);
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "SYN flood: %s port %s got up to %d half-open connections a minute, %d in all"
                .formatted(entity.get("responder"), entity.get("port"), numbers.get(RATE), numbers.get("connections"));
    }
}
