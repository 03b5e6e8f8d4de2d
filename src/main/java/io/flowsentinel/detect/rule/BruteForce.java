package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Notable;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * One originator opened connection after connection to one service, most of them of the size that a failed login has: of
 * the last 50 at least 30, within the window. Sizes and numbers are those of NEMEA's brute-force detector. A session of
 * more packets than any failed login after as many matching connections makes it high: somebody may be in.
 *
 * <p>What looks alike and must not fire: the same number of logins among many sessions of other sizes, or over a longer
 * time; and inside, whatever configures, deploys and monitors by SSH. An internal originator's finding is a dry run
 * unless the pair had no connection to any of these services in the week before the window; that is decided once, at its
 * Create. In the first week of a run every pair is new.
 *
 * <p>Deviations from the catalogue: failed attempts are no sessions and are not among the 50, so that the internet's
 * scanners of these ports leave nothing here. Within a pane of more than {@value Tally#MAX_MOMENTS} connections of a kind
 * the last ones are the last of those that are told apart. A session is known when it is over; when the matching
 * connections have left the window by then, it makes nothing high.
 */
final class BruteForce implements Detector {

    static final String ID = "brute-force";

    static final Family FAMILY = Family.ofMinutes(8)
            .rule(ID, rules -> new BruteForce(rules.rule(ID)))
            .connections(Routing::new);

    /** Among so many connections the matching ones are sought, or among as many as have to match. */
    private static final int LAST = 50;

    private static final long WEEK = 7 * Detector.DAY;

    /** A name of the memory: the subject is the pair, so there is but one. */
    private static final String PAIR = "pair";

    private static final String SESSIONS = "sessions";

    private static final Map<Integer, Shape> SHAPES = Map.of(
            22, new Shape("SSH", 11, 30, 1_000, 5_000),
            2222, new Shape("SSH", 11, 30, 1_000, 5_000),
            3389, new Shape("RDP", 20, 100, 2_200, 8_001),
            23, new Shape("Telnet", 9, 50, 450, 3_000));

    private final RuleSettings rule;

    BruteForce(RuleSettings rule) {
        this.rule = rule;
    }

    /** What an originator sends over a service for one login that fails; bounds included. */
    private record Shape(String service, long leastPackets, long mostPackets, long leastBytes, long mostBytes) {

        boolean fits(Side originator) {
            return originator.packets() >= leastPackets
                    && originator.packets() <= mostPackets
                    && originator.bytes() >= leastBytes
                    && originator.bytes() <= mostBytes;
        }
    }

    /** What a connection is taken for. In a moment its code stands behind the start: it never changes. */
    private enum Kind {
        OTHER(0),
        MATCHING(1),
        SESSION(2);

        private static final int BITS = 2;

        /** More packets than any shape allows. */
        private static final long SESSION_PACKETS = 100;

        private final int code;

        Kind(int number) {
            code = number;
        }

        static Kind of(ClosedConnection connection, Shape shape) {
            Side originator = connection.connection().originator();
            if (!connection.successful()) {
                return OTHER;
            }
            if (originator.packets() > SESSION_PACKETS) {
                return SESSION;
            }
            return shape.fits(originator) ? MATCHING : OTHER;
        }

        boolean in(long moment) {
            return (moment & (1 << BITS) - 1) == code;
        }

        long moment(long start) {
            return start << BITS | code;
        }

        static long start(long moment) {
            return moment >> BITS;
        }
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold("matching");
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        Map<Integer, List<PaneTally>> byPort = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            byPort.computeIfAbsent(entry.cell().port(), unseen -> new ArrayList<>())
                    .add(entry);
        }
        boolean known = Seen.since(memory, PAIR, window.start() - WEEK);
        List<Sighting> sightings = new ArrayList<>();
        byPort.forEach((port, all) -> AllowLists.accuse(ID, all, tallies -> condition(window, known, tallies))
                .ifPresent(sightings::add));
        return sightings;
    }

    private Sighting.Builder condition(Window window, boolean known, List<PaneTally> tallies) {
        long[] moments = moments(tallies);
        if (!holds(moments, window)) {
            return null;
        }
        List<PaneTally> matching = tallies.stream()
                .filter(entry -> entry.cell().side().equals(Kind.MATCHING.name()))
                .toList();
        Sample example = matching.get(0).tally().first();
        Set<Long> sessions = sessionsAfter(moments);
        List<EntityField> entity = List.of(
                new EntityField("originator", example.originator().address().toString()),
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(example.responder().port())));
        return Sighting.of(example.internal() && known ? rule.dryRun() : rule, entity, matching)
                .scope(example.internal() ? example.scope() : null)
                .severity(sessions.isEmpty() ? Severity.MEDIUM : Severity.HIGH)
                .over(Sighting.CONNECTIONS, rule.threshold("matching"))
                .distinct(SESSIONS, sessions)
                .notable(firstOf(sessions, tallies));
    }

    /** Sorted. Where a pane has more of one kind than is told apart, what came after is left out of the other kinds too. */
    private static long[] moments(List<PaneTally> tallies) {
        Map<Long, Long> ends = new HashMap<>();
        for (PaneTally entry : tallies) {
            long[] kept = entry.tally().moments();
            if (entry.tally().count() > kept.length) {
                ends.merge(entry.pane(), kept[kept.length - 1], Math::min);
            }
        }
        return tallies.stream()
                .flatMapToLong(entry -> LongStream.of(entry.tally().moments())
                        .filter(moment -> moment <= ends.getOrDefault(entry.pane(), Long.MAX_VALUE)))
                .sorted()
                .toArray();
    }

    private boolean holds(long[] moments, Window window) {
        int needed = (int) rule.threshold("matching");
        long[] starts = LongStream.of(moments)
                .skip(Math.max(0, moments.length - Math.max(LAST, needed)))
                .filter(Kind.MATCHING::in)
                .map(Kind::start)
                .toArray();
        for (int last = needed - 1; last < starts.length; last++) {
            if (starts[last] - starts[last - needed + 1] <= window.end() - window.start()) {
                return true;
            }
        }
        return false;
    }

    /** The moments of sessions that as many matching connections as it takes came before. */
    private Set<Long> sessionsAfter(long[] moments) {
        Set<Long> sessions = new TreeSet<>();
        int matching = 0;
        for (long moment : moments) {
            if (Kind.MATCHING.in(moment)) {
                matching++;
            } else if (Kind.SESSION.in(moment) && matching >= rule.threshold("matching")) {
                sessions.add(moment);
            }
        }
        return sessions;
    }

    /** The first session that got through; null for none. */
    private static Notable firstOf(Set<Long> sessions, List<PaneTally> tallies) {
        return tallies.stream()
                .filter(entry -> entry.cell().side().equals(Kind.SESSION.name()))
                .flatMap(entry -> entry.tally().firsts().stream())
                .filter(sample -> sessions.contains(Kind.SESSION.moment(sample.start())))
                .min(Sample.BY_START)
                .map(sample -> new Notable(-sample.start(), sample, "session", sample.connectionId()))
                .orElse(null);
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        if (!tallies.isEmpty() && tallies.get(0).tally().first().internal()) {
            Seen.note(memory, PAIR, pane);
        }
    }

    @Override
    public long forget(Memory memory, long time) {
        return Seen.forgetBefore(memory, time - WEEK - Detector.DAY, time);
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Brute force: %s opened %s like failed %s logins to %s port %s, %s after them"
                .formatted(
                        entity.get("originator"),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"),
                        SHAPES.get(Integer.valueOf(entity.get("port"))).service(),
                        entity.get("responder"),
                        entity.get("port"),
                        Wording.counted(numbers.get(SESSIONS), "longer session"));
    }

    /** Connections to services with a login, by the pair: whether a pair is new is asked of all of them together. */
    static final class Routing implements ConnectionRouter {

        private final List<RuleSettings> rules;

        Routing(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (!connection.tcp()) {
                return;
            }
            Shape shape = SHAPES.get(connection.port());
            if (shape == null || connection.failed() || !connection.connection().rolesKnown()) {
                return;
            }
            Kind kind = Kind.of(connection, shape);
            marks.translated(cell(connection, kind, Map.of()), connection, gateway -> subject(connection, gateway));
            Tally tally = Tally.at(connection.sample(), kind.moment(connection.start()), connection.coverageGap());
            Cell cell = cell(connection, kind, AllowLists.covering(rules, connection));
            marks.add(subject(connection, connection.originator()), cell, connection, tally);
        }

        private static Subject subject(ClosedConnection connection, IpAddress originator) {
            return Subject.of(FAMILY.space(), connection.originatorScope(), originator, connection.responder());
        }

        private static Cell cell(ClosedConnection connection, Kind kind, Map<String, String> allowedBy) {
            return new Cell(null, connection.port(), connection.protocol(), kind.name(), allowedBy);
        }
    }
}
