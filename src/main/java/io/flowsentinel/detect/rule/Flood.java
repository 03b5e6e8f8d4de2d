package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What rules about too many bad connections to a service have in common: a rate that is high in itself, far above the
 * service's own average and not lost among good connections, in two panes in a row. Both panes are in the finding.
 *
 * <p>It learns by judging each pane in which something counts: the average stands still while the condition holds, which
 * only judging can tell.
 */
abstract class Flood implements Detector {

    private final RuleSettings rule;
    private final String side;
    private final String rate;
    private final String parameter;

    /**
     * A rule about floods.
     *
     * @param rule with the settings in force
     * @param side of the cells that are too many
     * @param rate name of the number of them a minute, and of its threshold
     * @param parameter what they are, for the alert's anomaly
     */
    Flood(RuleSettings rule, String side, String rate, String parameter) {
        this.rule = rule;
        this.side = side;
        this.rate = rate;
        this.parameter = parameter;
    }

    /**
     * What there is to say of a pane whose rate is too high, with its severity and ties; null where it is no flood.
     *
     * @param window both panes
     * @param pane the last one alone
     * @param covered whether what an allow-list covers is held against it too
     * @param flood the bad ones of the pane
     * @param sighting of the bad ones of both panes
     */
    abstract Sighting.Builder condition(
            Window window, Window pane, boolean covered, List<PaneTally> flood, Sighting.Builder sighting);

    /**
     * How many there are of what is normal.
     *
     * @param normal of the two that {@link FloodRouter} tells
     * @param covered whether those that an allow-list covers too
     */
    final long normal(Window pane, Cell normal, boolean covered) {
        return pane.times(cell -> normal.side().equals(cell.side())
                && (covered || !cell.allowedBy().containsKey(rule.id())));
    }

    @Override
    public final RuleSettings rule() {
        return rule;
    }

    @Override
    public final double least() {
        return 1;
    }

    /** Every pane in which something counts is in the average. */
    @Override
    public final boolean speaksOnlyOfWhatCounts() {
        return true;
    }

    /** The average of what was never bad is that of a subject never seen. */
    @Override
    public final boolean teaches(long weight) {
        return weight >= least();
    }

    @Override
    public final List<Sighting> judge(Window window, Memory memory) {
        Window pane = window.lastPane();
        if (pane.tallies().isEmpty()) {
            return List.of();
        }
        Surge surge = new Surge(rule.id(), pane, memory);
        Optional<Sighting> over =
                AllowLists.accuse(rule.id(), pane.tallies(), tallies -> over(window, pane, tallies, surge));
        return surge.lasting(over, side);
    }

    private Sighting.Builder over(Window window, Window pane, List<PaneTally> tallies, Surge surge) {
        double perMinute = surge.perMinute(Surge.count(tallies, side));
        if (perMinute < rule.threshold(rate) || perMinute <= rule.threshold("ewma_factor") * surge.usual()) {
            return null;
        }
        List<PaneTally> flood = of(tallies);
        boolean covered =
                tallies.stream().anyMatch(entry -> entry.cell().allowedBy().containsKey(rule.id()));
        List<PaneTally> both = new ArrayList<>();
        for (PaneTally entry : of(window.tallies())) {
            // The pane before is held to what the last one is held to: with what is allowed, or without.
            if (covered || !entry.cell().allowedBy().containsKey(rule.id())) {
                both.add(entry);
            }
        }
        Sample example = flood.get(0).tally().first();
        List<EntityField> entity = List.of(
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(example.responder().port())));
        Sighting.Builder sighting = Sighting.of(rule, entity, both)
                .scope(example.scope())
                .over(rate, rule.threshold(rate))
                .peak(rate, (long) perMinute)
                .anomaly(surge.anomaly(parameter, perMinute), Sighting.ANY_DAY);
        return condition(window, pane, covered, flood, sighting);
    }

    private List<PaneTally> of(List<PaneTally> tallies) {
        return tallies.stream()
                .filter(entry -> entry.cell().side().equals(side))
                .toList();
    }

    @Override
    public final boolean remembers() {
        return true;
    }

    @Override
    public final long forget(Memory memory, long time) {
        return Surge.forget(rule.id(), memory, time);
    }
}
