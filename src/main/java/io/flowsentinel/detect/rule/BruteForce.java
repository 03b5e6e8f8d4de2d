package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Notable;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
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
 * One originator opened connection after connection to one service, most of them of the size that a {@link FailedLogin}
 * has: of the last 50 at least 30, within the window. Sizes and numbers are those of NEMEA's brute-force detector. A session
 * of more packets than any failed login after as many matching connections makes it high: somebody may be in. One that goes
 * on is looked at while it is open, and one that begins within a window after the last match raises the finding as long as
 * it is open, whatever has left the window by then.
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
            .weighing(BruteForce::weight)
            .connections(LoginRouter::new);

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

    private final RuleSettings rule;

    BruteForce(RuleSettings rule) {
        this.rule = rule;
    }

    /** The ages at which open connections to the services are looked at; ascending, empty where the rule is off. */
    static List<OpenAge> ages(Rules rules) {
        return rules.rule(ID).on()
                ? AGES.stream().map(age -> new OpenAge(age, FailedLogin.PORTS)).toList()
                : List.of();
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold("matching");
    }

    private static long weight(Tally tally) {
        boolean longer = tally.momentCount() > 0 && LoginKind.longer(tally.moments()[0]);
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
        String name = Guessing.name(tallies);
        Guessing guessing = Guessing.read(memory, name, window);
        if (holds) {
            guessing = guessing(moments, window).since(guessing);
            guessing.write(memory, name);
        }
        if (guessing == null) {
            return null;
        }
        List<PaneTally> sessions = sessionsAfter(guessing, window, holds ? window.start() : window.pane(), tallies);
        if (!holds && sessions.isEmpty()) {
            return null;
        }
        List<PaneTally> contributing = new ArrayList<>();
        if (holds) {
            tallies.stream().filter(LoginKind.MATCHING::is).forEach(contributing::add);
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
                .filter(entry -> !LoginKind.OPEN.is(entry))
                .flatMapToLong(entry -> LongStream.of(entry.tally().moments())
                        .filter(moment -> moment <= ends.getOrDefault(entry.pane(), Long.MAX_VALUE)))
                .sorted()
                .toArray();
    }

    private boolean holds(long[] moments, Window window) {
        int needed = (int) rule.threshold("matching");
        long[] starts = LongStream.of(moments)
                .skip(Math.max(0, moments.length - Math.max(LAST, needed)))
                .filter(LoginKind.MATCHING::in)
                .map(LoginKind::start)
                .toArray();
        for (int last = needed - 1; last < starts.length; last++) {
            if (starts[last] - starts[last - needed + 1] <= window.end() - window.start()) {
                return true;
            }
        }
        return false;
    }

    /** What there is to remember of a window in which the condition holds. */
    private Guessing guessing(long[] moments, Window window) {
        long[] starts = LongStream.of(moments)
                .filter(LoginKind.MATCHING::in)
                .map(LoginKind::start)
                .toArray();
        return new Guessing(starts[(int) rule.threshold("matching") - 1], starts[starts.length - 1], window.pane());
    }

    /**
     * The sessions that as many matching connections as it takes came before. They stand in the pane that is judged and
     * count nothing: what the finding counts is what matches.
     *
     * @param from start of the first pane in which they are told of
     */
    private static List<PaneTally> sessionsAfter(Guessing guessing, Window window, long from, List<PaneTally> tallies) {
        List<PaneTally> sessions = new ArrayList<>();
        for (PaneTally entry : tallies) {
            if (entry.pane() >= from && (LoginKind.SESSION.is(entry) || LoginKind.OPEN.is(entry))) {
                List<Sample> after = entry.tally().firsts().stream()
                        .filter(sample -> guessing.comesBefore(sample.start(), window))
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
            long weight = -2 * sample.start() + (LoginKind.SESSION.is(entry) ? 1 : 0);
            first = Notable.of(first, new Notable(weight, sample, "session", sample.connectionId()));
        }
        return first;
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
        return Math.min(Guessing.forget(memory, time), Seen.forgetBefore(memory, time - WEEK - Detector.DAY, time));
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Brute force: %s opened %s like failed %s logins to %s port %s, %s after them"
                .formatted(
                        entity.get("originator"),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"),
                        FailedLogin.at(Integer.parseInt(entity.get("port"))).service(),
                        entity.get("responder"),
                        entity.get("port"),
                        Wording.counted(numbers.get(SESSIONS), "longer session"));
    }
}
