package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.rule.Points.Usual;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Filters rejected far more openings of connections at an interface than they usually do: Splunk's three sigma over
 * points of five minutes, empty ones included, with a floor. A point is a pane where panes are longer. An interface is
 * known from its first connection on, whatever became of it: one that never rejected anything has empty points.
 *
 * <p>Not a burst: the noise an interface always rejects; the first points of an interface; rejected answers to nothing
 * (backscatter) and packets that come after a close.
 *
 * <p>Originators are counted in a few shares, not each: a flood may come from as many addresses as there are. Whose
 * burst it is follows from the share that makes 80 % of it and from the first connections of that share.
 */
final class RejectBurst implements Detector {

    static final String ID = "reject-burst";

    static final Family FAMILY = Family.ofMinutes(13)
            .rule(ID, rules -> new RejectBurst(rules.rule(ID)))
            .connections(RejectRouter::new);

    private static final String RATE = "rejected_per_point";

    private final RuleSettings rule;

    RejectBurst(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold("floor");
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        long length = Math.max(point(), window.paneLength());
        long start = window.end() - length;
        if (Math.floorMod(window.end(), length) != 0) {
            return List.of();
        }
        Map<String, List<PaneTally>> byDirection = new TreeMap<>();
        for (PaneTally entry : window.tallies()) {
            if (entry.pane() >= start) {
                byDirection
                        .computeIfAbsent(entry.cell().side(), unseen -> new ArrayList<>())
                        .add(entry);
            }
        }
        List<Sighting> sightings = new ArrayList<>();
        long since = since(window, memory);
        byDirection.forEach((direction, all) -> {
            Usual usual = usual(window, memory, direction, start, length, since);
            AllowLists.accuse(ID, all, tallies -> condition(direction, tallies, usual))
                    .ifPresent(sightings::add);
        });
        return sightings;
    }

    private Sighting.Builder condition(String direction, List<PaneTally> tallies, Usual usual) {
        long count = count(tallies);
        double limit = Math.max(rule.threshold("floor"), usual.mean() + rule.threshold("sigmas") * usual.sigma());
        if (usual.points() < rule.threshold("points") || count <= limit) {
            return null;
        }
        Sample example = tallies.get(0).tally().first();
        List<EntityField> entity =
                List.of(new EntityField("interface", example.interfaceId()), new EntityField("direction", direction));
        return Sighting.of(rule, entity, tallies)
                .scope(example.scope())
                .severity(Severity.MEDIUM)
                .over(RATE, limit)
                .peak(RATE, count)
                .anomaly(anomaly(count, usual), Sighting.ANY_DAY)
                .ties(ties(tallies, count));
    }

    private static Anomaly anomaly(long count, Usual usual) {
        return new Anomaly(
                "rejected connections",
                count + " in a point",
                String.format(
                        Locale.ROOT,
                        "mean %.1f, sigma %.1f over %d points",
                        usual.mean(),
                        usual.sigma(),
                        usual.points()));
    }

    /** The originator, and the responder, of most of it. */
    private static List<String> ties(List<PaneTally> tallies, long count) {
        Map<Integer, List<PaneTally>> shares = new TreeMap<>();
        for (PaneTally entry : tallies) {
            shares.computeIfAbsent(entry.cell().port(), unseen -> new ArrayList<>())
                    .add(entry);
        }
        List<String> ties = new ArrayList<>();
        for (List<PaneTally> share : shares.values()) {
            if (count(share) >= Ties.MOST * count) {
                Ties.mostly(samples(share), Ties::originator).ifPresent(ties::add);
            }
        }
        Ties.mostly(samples(tallies), Ties::responder).ifPresent(ties::add);
        return ties;
    }

    private static List<Sample> samples(List<PaneTally> tallies) {
        return tallies.stream()
                .flatMap(entry -> entry.tally().firsts().stream())
                .toList();
    }

    /** Start of the point in which the interface is first known. */
    private long since(Window window, Memory memory) {
        long known = Points.since(memory, window.start());
        return window.tallies().stream()
                .mapToLong(entry -> pointOf(entry.pane()))
                .reduce(known, Math::min);
    }

    /** What allow-lists cover is no part of what is usual. */
    private Usual usual(Window window, Memory memory, String direction, long start, long length, long since) {
        Points points = Points.read(memory, direction);
        for (PaneTally entry : window.tallies()) {
            if (entry.pane() < start && entry.cell().side().equals(direction) && !covered(entry)) {
                points.add(pointOf(entry.pane()), entry.tally().count());
            }
        }
        return points.before(start, length, since);
    }

    private static boolean covered(PaneTally entry) {
        return entry.cell().allowedBy().containsKey(ID);
    }

    private static long count(List<PaneTally> tallies) {
        return tallies.stream().mapToLong(entry -> entry.tally().count()).sum();
    }

    private long point() {
        return rule.window().toSeconds();
    }

    private long pointOf(long pane) {
        return Math.floorDiv(pane, point()) * point();
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        Points.present(memory, pointOf(pane));
        Map<String, Long> byDirection = new TreeMap<>();
        for (PaneTally entry : tallies) {
            if (!covered(entry)) {
                byDirection.merge(entry.cell().side(), entry.tally().count(), Long::sum);
            }
        }
        byDirection.forEach((direction, count) -> {
            Points points = Points.read(memory, direction);
            points.add(pointOf(pane), count);
            points.write(memory, direction);
        });
    }

    @Override
    public long forget(Memory memory, long time) {
        return Points.forget(memory, RejectRouter.DIRECTIONS, time);
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Reject burst: %s at %s, up to %s a point, %d in all"
                .formatted(
                        entity.get("direction"),
                        entity.get("interface"),
                        Wording.counted(numbers.get(RATE), "rejected connection"),
                        numbers.get("connections"));
    }
}
