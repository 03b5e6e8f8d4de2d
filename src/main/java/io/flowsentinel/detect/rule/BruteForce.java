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
import io.flowsentinel.model.OpenAge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * One originator opened connection after connection to one service, most of them of the size that a failed login has: of
 * the last 50 at least 30, within the window. Sizes and numbers are those of NEMEA's brute-force detector. A session of
 * more packets than any failed login after as many matching connections makes it high: somebody may be in. One that goes on
 * is looked at while it is open, and one that begins within a window after the last match raises the finding as long as it
 * is open, whatever has left the window by then.
 *
 * <p>What looks alike and must not fire: the same number of logins among many sessions of other sizes, or over a longer
 * time; and inside, whatever configures, deploys and monitors by SSH. An internal originator's finding is a dry run
 * unless the pair had no connection to any of these services in the week before the window; that is decided once, at its
 * Create. In the first week of a run every pair is new.
 *
 * <p>Deviations from the catalogue: failed attempts are no sessions and are not among the 50, so that the internet's
 * scanners of these ports leave nothing here. Within a pane of more than {@value Tally#MAX_MOMENTS} connections of a kind
 * the last ones are the last of those that are told apart. An external originator is one in each scope, not one for all:
 * equal private addresses in two VPCs are two hosts. Of a session that carries its hundred packets later than an hour after
 * it began, and that nobody hears of before the finding is closed, nothing is said.
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

    /** Seconds after which a session that is still open is looked at. */
    private static final List<Long> AGES = List.of(600L, 1_800L, 3_600L);

    /** What a session weighs: more than all else, so that the weights tell whether there is one. */
    private static final long SESSION_WEIGHT = 1L << 32;

    private static final long HOUR = 3_600;

    private static final Map<Integer, Shape> SHAPES = Map.of(
            22, new Shape("SSH", 11, 30, 1_000, 5_000),
            2222, new Shape("SSH", 11, 30, 1_000, 5_000),
            3389, new Shape("RDP", 20, 100, 2_200, 8_001),
            23, new Shape("Telnet", 9, 50, 450, 3_000));

    private final RuleSettings rule;

    BruteForce(RuleSettings rule) {
        this.rule = rule;
    }

    /** The ages at which open connections to the services are looked at; ascending, empty where the rule is off. */
    static List<OpenAge> ages(Rules rules) {
        List<Integer> ports = SHAPES.keySet().stream().sorted().toList();
        return rules.rule(ID).on()
                ? AGES.stream().map(age -> new OpenAge(age, ports)).toList()
                : List.of();
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
        SESSION(2),
        /** A session that goes on; it is among the last connections once it is over. */
        OPEN(3);

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

        static boolean longer(long moment) {
            return SESSION.in(moment) || OPEN.in(moment);
        }

        boolean is(PaneTally entry) {
            return entry.cell().side().equals(name());
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
    public long weight(Tally tally) {
        boolean longer = tally.moments().length > 0 && Kind.longer(tally.moments()[0]);
        return longer ? SESSION_WEIGHT * tally.count() : tally.count();
    }

    /**
     * A session is enough to speak where the condition may have held: of an external originator something is remembered only
     * then, of an internal pair its acquaintance too.
     */
    @Override
    public boolean tooFew(long weight, boolean remembers) {
        long sessions = weight / SESSION_WEIGHT;
        return sessions + weight % SESSION_WEIGHT < least() && !(remembers && sessions > 0);
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
        byPort.forEach((port, all) -> AllowLists.accuse(ID, all, tallies -> condition(window, known, memory, tallies))
                .ifPresent(sightings::add));
        return sightings;
    }

    private Sighting.Builder condition(Window window, boolean known, Memory memory, List<PaneTally> tallies) {
        long[] moments = moments(tallies);
        boolean holds = holds(moments, window);
        String name = Held.name(tallies);
        Held held = Held.read(memory, name, window);
        if (holds) {
            held = held(moments, window).since(held);
            held.write(memory, name);
        }
        if (held == null) {
            return null;
        }
        List<PaneTally> sessions = sessionsAfter(held, window, holds ? window.start() : window.pane(), tallies);
        if (!holds && sessions.isEmpty()) {
            return null;
        }
        List<PaneTally> contributing = new ArrayList<>();
        if (holds) {
            tallies.stream().filter(Kind.MATCHING::is).forEach(contributing::add);
        }
        contributing.addAll(sessions);
        Sample example = contributing.get(0).tally().first();
        boolean scoped = example.internal() || example.responderInternal();
        List<EntityField> entity = List.of(
                new EntityField("originator", example.originator().address().toString()),
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(example.responder().port())));
        return Sighting.of(example.internal() && known ? rule.dryRun() : rule, entity, contributing)
                .scope(scoped ? example.scope() : null)
                .severity(sessions.isEmpty() ? Severity.MEDIUM : Severity.HIGH)
                .over(Sighting.CONNECTIONS, rule.threshold("matching"))
                .distinct(SESSIONS, starts(sessions))
                .notable(firstOf(sessions));
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
                .filter(entry -> !Kind.OPEN.is(entry))
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

    /** What there is to remember of a window in which the condition holds. */
    private Held held(long[] moments, Window window) {
        long[] starts = LongStream.of(moments)
                .filter(Kind.MATCHING::in)
                .map(Kind::start)
                .toArray();
        return new Held(starts[(int) rule.threshold("matching") - 1], starts[starts.length - 1], window.pane());
    }

    /**
     * The sessions that as many matching connections as it takes came before. They stand in the pane that is judged and
     * count nothing: what the finding counts is what matches.
     *
     * @param from start of the first pane in which they are told of
     */
    private static List<PaneTally> sessionsAfter(Held held, Window window, long from, List<PaneTally> tallies) {
        List<PaneTally> sessions = new ArrayList<>();
        for (PaneTally entry : tallies) {
            if (entry.pane() >= from && (Kind.SESSION.is(entry) || Kind.OPEN.is(entry))) {
                List<Sample> after = entry.tally().firsts().stream()
                        .filter(sample -> held.comesBefore(sample.start(), window))
                        .toList();
                if (!after.isEmpty()) {
                    sessions.add(new PaneTally(window.pane(), entry.cell(), tellingOf(after, entry.tally())));
                }
            }
        }
        return sessions;
    }

    private static Tally tellingOf(List<Sample> sessions, Tally all) {
        long last = sessions.get(sessions.size() - 1).start();
        return new Tally(sessions, 0, 0, 0, last, all.coverageGap(), 0, Tally.NO_MOMENTS);
    }

    /** One that is told of while it is open and at its end is one. */
    private static Set<Long> starts(List<PaneTally> sessions) {
        return sessions.stream()
                .flatMap(entry -> entry.tally().firsts().stream())
                .map(Sample::start)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The first session that got through, as it was last told of; null for none. */
    private static Notable firstOf(List<PaneTally> sessions) {
        Notable first = null;
        for (PaneTally entry : sessions) {
            Sample sample = entry.tally().first();
            long weight = -2 * sample.start() + (Kind.SESSION.is(entry) ? 1 : 0);
            first = Notable.of(first, new Notable(weight, sample, "session", sample.connectionId()));
        }
        return first;
    }

    /**
     * When the condition held.
     *
     * @param from epoch seconds of the start of the connection with which as many had matched as it takes
     * @param to epoch seconds of the last match
     * @param pane the last one in which it held
     */
    private record Held(long from, long to, long pane) {

        private static final String NAME = "held ";
        private static final String ALLOWED = " allowed";

        /** Where the memory keeps it: by port, and apart where it took what an allow-list covers. */
        static String name(List<PaneTally> tallies) {
            boolean allowed =
                    tallies.stream().anyMatch(entry -> entry.cell().allowedBy().containsKey(ID));
            return name(tallies.get(0).cell().port(), allowed);
        }

        private static String name(int port, boolean allowed) {
            return NAME + port + (allowed ? ALLOWED : "");
        }

        /** Null where it did not hold, or not for so long that what it gave rise to is closed. */
        static Held read(Memory memory, String name, Window window) {
            long[] numbers = memory.get(name);
            if (numbers == null) {
                return null;
            }
            long silence = Math.max(window.end() - window.start(), HOUR);
            boolean open = numbers[2] + window.paneLength() + silence >= window.end();
            return open ? new Held(numbers[0], numbers[1], numbers[2]) : null;
        }

        void write(Memory memory, String name) {
            memory.put(name, new long[] {from, to, pane});
        }

        /** The same, with what held before; null for nothing. */
        Held since(Held before) {
            return before == null ? this : new Held(Math.min(from, before.from), Math.max(to, before.to), pane);
        }

        /** Whether it is what a session may have come of that begins at this time. */
        boolean comesBefore(long start, Window window) {
            return start >= from && start <= to + window.end() - window.start();
        }

        /** When to be asked again; {@link Long#MAX_VALUE} where nothing is left. */
        static long forget(Memory memory, long time) {
            long next = Long.MAX_VALUE;
            for (int port : SHAPES.keySet()) {
                for (String name : List.of(name(port, false), name(port, true))) {
                    long[] numbers = memory.get(name);
                    if (numbers != null && numbers[2] + DAY <= time) {
                        memory.remove(name);
                    } else if (numbers != null) {
                        next = Math.min(next, numbers[2] + DAY);
                    }
                }
            }
            return next;
        }
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
        return Math.min(Held.forget(memory, time), Seen.forgetBefore(memory, time - WEEK - Detector.DAY, time));
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
            Shape shape = shape(connection);
            if (shape != null) {
                mark(connection, Kind.of(connection, shape), marks);
            }
        }

        @Override
        public void routeAged(ClosedConnection aged, Marks marks) {
            Shape shape = shape(aged);
            if (shape != null && Kind.of(aged, shape) == Kind.SESSION) {
                mark(aged, Kind.OPEN, marks);
            }
        }

        /** Null where it is none of the services, or a guess. */
        private static Shape shape(ClosedConnection connection) {
            if (!connection.tcp()
                    || connection.failed()
                    || !connection.connection().rolesKnown()) {
                return null;
            }
            return SHAPES.get(connection.port());
        }

        private void mark(ClosedConnection connection, Kind kind, Marks marks) {
            marks.translated(cell(connection, kind, Map.of()), connection, gateway -> subject(connection, gateway));
            Tally tally = Tally.at(connection.sample(), kind.moment(connection.start()), connection.coverageGap());
            Cell cell = cell(connection, kind, AllowLists.covering(rules, connection));
            marks.add(subject(connection, connection.originator()), cell, connection, tally);
        }

        /** Where neither side is internal there is no scope. */
        private static Subject subject(ClosedConnection connection, IpAddress originator) {
            boolean scoped = connection.originatorInternal() || connection.responderInternal();
            String scope = scoped ? connection.connection().scope() : null;
            return Subject.of(FAMILY.space(), scope, originator, connection.responder());
        }

        private static Cell cell(ClosedConnection connection, Kind kind, Map<String, String> allowedBy) {
            return new Cell(null, connection.port(), connection.protocol(), kind.name(), allowedBy);
        }
    }
}
