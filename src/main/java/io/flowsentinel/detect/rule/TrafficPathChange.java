package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.BaselineNeeded;
import io.flowsentinel.detect.settings.Cidr;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a subnet sends to a destination leaves by another way ({@code traffic-path}) than for a week before: a route was
 * changed. What looks alike and does not fire: a destination that goes two ways all along, one that goes back to a way of
 * the last days, a new destination, and what older instances log as 2 where Nitro ones tell a gateway endpoint (7) from an
 * internet gateway (8).
 *
 * <p>A destination is the responder's AWS service, else the /16 it is in, for IPv6 the /32, which is what a network is
 * given. The entity is the subnet alone: a changed route turns hundreds of destinations at once, and that is one finding
 * that lists them, told apart inside.
 */
final class TrafficPathChange implements Detector {

    static final String ID = "traffic-path-change";

    static final Family FAMILY = Family.ofHours(23)
            .rule(ID, rules -> new TrafficPathChange(rules.rule(ID), rules.baseline()))
            .connections(Routing::new);

    private static final String DESTINATIONS = "destinations";
    private static final String CHANGES = "changes";
    private static final String PATHS = "path ";
    private static final long SPAN = 7 * Detector.DAY;

    /** Either of the next two, told by an instance that does not know which. */
    private static final int GATEWAY = 2;

    private static final int GATEWAY_ENDPOINT = 7;
    private static final int INTERNET_GATEWAY = 8;

    private final RuleSettings rule;
    private final BaselineNeeded needed;

    TrafficPathChange(RuleSettings rule, BaselineNeeded needed) {
        this.rule = rule;
        this.needed = needed;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return 1;
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        List<PaneTally> all = window.tallies();
        if (all.isEmpty() || !Baseline.reached(memory, needed, window.end(), SPAN)) {
            return List.of();
        }
        return AllowLists.accuse(ID, all, tallies -> condition(tallies, window.end(), memory))
                .map(List::of)
                .orElse(List.of());
    }

    private Sighting.Builder condition(List<PaneTally> all, long now, Memory memory) {
        List<PaneTally> changed = new ArrayList<>();
        TreeSet<String> destinations = new TreeSet<>();
        TreeSet<String> changes = new TreeSet<>();
        TreeSet<Integer> before = new TreeSet<>();
        for (PaneTally entry : all) {
            String destination = destination(entry.cell());
            int path = entry.cell().port();
            int usual = usual(memory.get(PATHS + destination), path, now - SPAN);
            if (usual != Annotations.NO_PATH) {
                changed.add(entry);
                changes.add(destination + " by path " + path);
                before.add(usual);
                destinations.add(destination);
            }
        }
        if (changed.isEmpty()) {
            return null;
        }
        String subnet = changed.get(0)
                .cell()
                .side()
                .substring(destination(changed.get(0).cell()).length() + 1);
        return Sighting.of(rule, List.of(new EntityField("subnet", subnet)), changed)
                .scope(changed.get(0).tally().first().scope())
                .severity(Severity.LOW)
                .over(Sighting.CONNECTIONS, 1)
                .distinct(DESTINATIONS, Seen.fingerprints(destinations))
                .list(DESTINATIONS, destinations)
                .distinct(CHANGES, Seen.fingerprints(changes))
                .list(CHANGES, changes)
                .anomaly(
                        new Anomaly("traffic-path by destination", CHANGES, before(before) + " alone for 7 days"),
                        Baseline.since(memory));
    }

    /** {@code path 2}, {@code path 2, path 8}. */
    private static String before(Set<Integer> paths) {
        return paths.stream().map(path -> "path " + path).collect(Collectors.joining(", "));
    }

    /**
     * The one path that was usual for a week and is not this one; {@link Annotations#NO_PATH} where there is no such.
     *
     * @param known path, first and last pane of each path known
     */
    private static int usual(long[] known, int path, long from) {
        int usual = Annotations.NO_PATH;
        long first = Long.MAX_VALUE;
        for (int i = 0; known != null && i < known.length; i += 3) {
            int one = (int) known[i];
            if (known[i + 2] < from) {
                continue;
            }
            if (same(one, path) || usual != Annotations.NO_PATH && !same(one, usual)) {
                return Annotations.NO_PATH;
            }
            // Of two that may be the same, the one that says which.
            usual = Math.max(usual, one);
            first = Math.min(first, known[i + 1]);
        }
        return first <= from ? usual : Annotations.NO_PATH;
    }

    private static boolean same(int one, int other) {
        return one == other || maybeEither(one, other) || maybeEither(other, one);
    }

    private static boolean maybeEither(int one, int other) {
        return one == GATEWAY && (other == GATEWAY_ENDPOINT || other == INTERNET_GATEWAY);
    }

    /** What stands before the space; neither a service nor a block has one. */
    private static String destination(Cell cell) {
        return cell.side().substring(0, cell.side().indexOf(' '));
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        if (tallies.isEmpty()) {
            return;
        }
        Baseline.note(memory, pane, SPAN);
        for (PaneTally entry : tallies) {
            String name = PATHS + destination(entry.cell());
            memory.put(name, with(memory.get(name), entry.cell().port(), pane));
        }
    }

    private static long[] with(long[] known, int path, long pane) {
        long[] paths = known == null ? new long[0] : known.clone();
        for (int i = 0; i < paths.length; i += 3) {
            if (paths[i] == path) {
                paths[i + 1] = Math.min(paths[i + 1], pane);
                paths[i + 2] = Math.max(paths[i + 2], pane);
                return paths;
            }
        }
        long[] longer = Arrays.copyOf(paths, paths.length + 3);
        longer[paths.length] = path;
        longer[paths.length + 1] = pane;
        longer[paths.length + 2] = pane;
        return longer;
    }

    /** A week, and a day for what the window still holds. Beyond {@link Seen#MOST} destinations the oldest go. */
    @Override
    public long forget(Memory memory, long time) {
        return forgetBefore(memory, time - SPAN - Detector.DAY, time);
    }

    private static long forgetBefore(Memory memory, long moment, long now) {
        Map<String, long[]> left = new TreeMap<>();
        memory.read((name, numbers) -> {
            if (name.startsWith(PATHS)) {
                left.put(name, numbers);
            }
        });
        List<Long> kept = new ArrayList<>();
        left.forEach((name, known) -> {
            long[] paths = since(known, moment);
            if (paths.length == 0) {
                memory.remove(name);
                return;
            }
            if (paths.length < known.length) {
                memory.put(name, paths);
            }
            kept.add(last(paths));
        });
        if (kept.size() > Seen.MOST) {
            kept.sort(null);
            long from = kept.get(kept.size() - Seen.MOST) + 1;
            memory.forgotten(kept.stream().filter(last -> last < from).count());
            return forgetBefore(memory, from, now);
        }
        if (kept.isEmpty()) {
            Baseline.forget(memory);
            return Long.MAX_VALUE;
        }
        return now + Detector.DAY;
    }

    private static long[] since(long[] paths, long moment) {
        long[] left = new long[0];
        for (int i = 0; i < paths.length; i += 3) {
            if (paths[i + 2] >= moment) {
                left = Arrays.copyOf(left, left.length + 3);
                System.arraycopy(paths, i, left, left.length - 3, 3);
            }
        }
        return left;
    }

    private static long last(long[] paths) {
        long last = Long.MIN_VALUE;
        for (int i = 2; i < paths.length; i += 3) {
            last = Math.max(last, paths[i]);
        }
        return last;
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Traffic path changed: %s reaches %s%s by another way, %s"
                .formatted(
                        entity.get("subnet"),
                        Wording.counted(numbers.get(DESTINATIONS), "destination"),
                        Wording.named(entity, DESTINATIONS),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"));
    }

    /** Connections whose way is logged, by the subnet of the originator's own interface. */
    static final class Routing implements ConnectionRouter {

        private final List<RuleSettings> rules;

        Routing(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            Connection connection = closed.connection();
            Observer own = connection.originator().observer();
            if (connection.trafficPath() == Annotations.NO_PATH || own == null || own.subnetId() == null) {
                return;
            }
            String service = connection.responder().service();
            String side = (service == null ? blockOf(closed.responder()) : service) + " " + own.subnetId();
            Cell cell = new Cell(null, connection.trafficPath(), 0, side, AllowLists.covering(rules, closed));
            marks.count(Subject.of(FAMILY.space(), own.scope(), own.subnetId()), cell, closed);
        }

        private static String blockOf(IpAddress responder) {
            return Cidr.around(responder, responder.ipv6() ? 32 : 16).toString();
        }
    }
}
