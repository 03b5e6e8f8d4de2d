package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import io.flowsentinel.model.Alert.EntityField;
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
 *
 * <p>It learns by judging each pane: the average stands still while the condition holds, which only judging can tell.
 */
final class ResetStorm implements Detector {

    static final String ID = "reset-storm";

    private static final String RATE = "resets_per_minute";
    private static final String ORIGINATORS = "originators";

    private final RuleSettings rule;

    ResetStorm(RuleSettings rule) {
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
                AllowLists.accuse(ID, window.tallies(), tallies -> condition(window, tallies, surge)),
                FloodRouter.RESET);
    }

    private Sighting.Builder condition(Window window, List<PaneTally> tallies, Surge surge) {
        long resets = Surge.count(tallies, FloodRouter.RESET);
        long closed = Surge.count(tallies, FloodRouter.CLOSED);
        double rate = surge.perMinute(resets);
        if (rate < rule.threshold(RATE)
                || rate <= rule.threshold("ewma_factor") * surge.usual()
                || resets <= rule.threshold("share") * (resets + closed)) {
            return null;
        }
        Set<Long> originators =
                originators(window, tallies.size() == window.tallies().size());
        if (originators.size() < rule.threshold(ORIGINATORS)) {
            return null;
        }
        List<PaneTally> contributing = tallies.stream()
                .filter(entry -> entry.cell().side().equals(FloodRouter.RESET))
                .toList();
        Sample example = contributing.get(0).tally().first();
        List<EntityField> entity = List.of(
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(example.responder().port())));
        return Sighting.of(rule, entity, contributing)
                .scope(example.scope())
                .severity(Severity.MEDIUM)
                .over(RATE, rule.threshold(RATE))
                .peak(RATE, (long) rate)
                .distinct(ORIGINATORS, originators)
                .anomaly(surge.anomaly("resets", rate), Sighting.ANY_DAY)
                .ties(List.of(Ties.responder(example)));
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
    public boolean learns() {
        return true;
    }

    @Override
    public long forget(Memory memory, long time) {
        return Surge.forget(ID, memory, time);
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
