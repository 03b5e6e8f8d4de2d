package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.Cidr;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Somebody who was denied a service for a day and longer is let in and answered: a filter has been opened. What looks
 * alike and does not fire: a burst of denials within a day, a service that let in the one and denied the other all along
 * (anything accepted meanwhile, answered or not, begins the count anew), and a service that is open but silent.
 *
 * <p>Who is denied today and let in tomorrow is seldom the same address, so an originator stands for its class: the
 * /24 of an IPv4 address, the /64 of an IPv6 one, internal or not; the entity's {@code originator} is that block. A
 * class of which one host comes in now and then and another is denied all along would be told again and again: once
 * it was let in, for thirty days only a host that was itself denied is new. Classes are told apart by scope, as the
 * filters are the responder's. TCP only: an answer takes a SYN-ACK. What a NAT gateway opens is not held back: who
 * is judged is a class, not the gateway.
 *
 * <p>The subject is a responder's share of ports: all of the internet's scanners are a few subjects of each
 * responder, and the crowd at one port leaves room for the others. Denials are remembered for a week, see {@link
 * Denials}.
 */
final class NewlyAllowed implements Detector {

    static final String ID = "newly-allowed";

    static final Family FAMILY = Family.ofHours(22)
            .holding(2_000)
            .resting()
            .rule(ID, rules -> new NewlyAllowed(rules.rule(ID)))
            .weighing(NewlyAllowed::weight)
            .connections(Routing::new);

    private static final String DENIALS = "denials";
    private static final String DENIED = "denied";
    private static final String ACCEPTED = "accepted";
    private static final String ANSWERED = "answered";

    /** In front of class and port in the memory. */
    private static final String CLASS = "=";

    private static final long SPREAD = Detector.DAY;

    /** A prime, so that ports that are often used together are in different shares. */
    private static final int SHARES = 61;

    /** In a moment the host stands behind the start. */
    private static final int HOST_BITS = 8;

    private static final Set<String> LET_IN = Set.of(ACCEPTED, ANSWERED);

    /** What denials weigh, however many are told at a time: more than all answers of a day. */
    private static final long A_DENIAL = 1L << 36;

    private final RuleSettings rule;

    NewlyAllowed(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    /** Denials count nothing, see {@link Routing}: without an answer there is nothing to judge. */
    @Override
    public double least() {
        return 1;
    }

    private static long weight(Tally tally) {
        return tally.facts() == 0 ? tally.count() : A_DENIAL;
    }

    /** Most services answer without ever having denied anything. */
    @Override
    public boolean tooFew(long weight, boolean remembers) {
        boolean answered = weight % A_DENIAL != 0;
        boolean denied = remembers || weight >= A_DENIAL;
        return !answered || !denied;
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        Map<String, List<PaneTally>> byClass = byClass(window.tallies());
        List<Sighting> sightings = new ArrayList<>();
        byClass.forEach((name, all) -> {
            List<PaneTally> answered = of(Set.of(ANSWERED), all);
            if (!answered.isEmpty()) {
                Denials denials = denials(memory, name, all, window.end());
                if (holds(denials, answered, window.end())) {
                    AllowLists.accuse(ID, answered, tallies -> sighting(tallies, denials))
                            .ifPresent(sightings::add);
                }
            }
        });
        return sightings;
    }

    /** Those before the class was first let in. */
    private static Denials denials(Memory memory, String name, List<PaneTally> all, long now) {
        long letIn = moments(LET_IN, all).map(NewlyAllowed::start).min().orElse(Long.MAX_VALUE);
        Denials denials = Denials.read(memory, name);
        denials.forget(now);
        moments(Set.of(DENIED), all)
                .filter(moment -> start(moment) < letIn)
                .forEach(moment -> denials.deny(start(moment), host(moment)));
        return denials;
    }

    private boolean holds(Denials denials, List<PaneTally> answered, long now) {
        return denials.count() >= rule.threshold(DENIALS)
                && denials.spread() >= SPREAD
                && (!denials.letInSince(now - Denials.LET_IN_FOR)
                        || moments(Set.of(ANSWERED), answered).anyMatch(moment -> denials.denied(host(moment))));
    }

    private Sighting.Builder sighting(List<PaneTally> tallies, Denials denials) {
        PaneTally first = tallies.get(0);
        Sample example = first.tally().first();
        List<EntityField> entity = List.of(
                new EntityField("originator", classOf(first.cell().address()).toString()),
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(first.cell().port())));
        return Sighting.of(rule, entity, tallies)
                .scope(example.scope())
                .severity(Severity.MEDIUM)
                .over(DENIALS, rule.threshold(DENIALS))
                .peak(DENIALS, denials.count())
                .context("last_denial", Instant.ofEpochSecond(denials.last()).toString())
                .ties(List.of(Ties.responder(example)));
    }

    /** The block of addresses an originator stands for. */
    static Cidr classOf(IpAddress originator) {
        return Cidr.around(originator, originator.ipv6() ? 64 : 24);
    }

    private static Map<String, List<PaneTally>> byClass(List<PaneTally> tallies) {
        Map<String, List<PaneTally>> byClass = new TreeMap<>();
        for (PaneTally entry : tallies) {
            String name = CLASS + entry.cell().address() + " " + entry.cell().port();
            byClass.computeIfAbsent(name, unseen -> new ArrayList<>()).add(entry);
        }
        return byClass;
    }

    private static List<PaneTally> of(Set<String> kinds, List<PaneTally> tallies) {
        return tallies.stream()
                .filter(entry -> kinds.contains(entry.cell().side()))
                .toList();
    }

    private static LongStream moments(Set<String> kinds, List<PaneTally> tallies) {
        return of(kinds, tallies).stream()
                .flatMapToLong(entry -> Arrays.stream(entry.tally().moments()));
    }

    private static long start(long moment) {
        return moment >> HOST_BITS;
    }

    private static int host(long moment) {
        return (int) (moment & (1 << HOST_BITS) - 1);
    }

    @Override
    public boolean learns() {
        return true;
    }

    /** Where nobody was denied there is nothing to remember. */
    @Override
    public boolean teaches(long weight) {
        return weight >= A_DENIAL;
    }

    /**
     * Denials up to the last accepted attempt of a pane are of no use any more. Panes come in the order of time, so who was
     * never denied need not be remembered: most services of most subjects never deny anything, and leave nothing.
     */
    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        byClass(tallies).forEach((name, all) -> {
            Denials denials = Denials.read(memory, name);
            denials.forget(pane);
            moments(Set.of(DENIED), all).forEach(moment -> denials.deny(start(moment), host(moment)));
            if (!denials.isEmpty()) {
                of(LET_IN, all).stream()
                        .mapToLong(entry -> entry.tally().lastStart())
                        .max()
                        .ifPresent(denials::letIn);
                denials.write(memory, name);
            }
        });
        Denials.bound(memory, CLASS);
    }

    /**
     * Of what is too long ago as much as no pane that is still to be learned from can be after: when this is asked follows
     * from when the subject was first looked at, and must not be seen in what is judged.
     */
    @Override
    public long forget(Memory memory, long time) {
        long next = Denials.forget(memory, CLASS, time - rule.window().toSeconds() - Detector.DAY);
        return next == Long.MAX_VALUE ? next : time + Detector.DAY;
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Newly allowed: %s answered %s on port %s, %s before that"
                .formatted(
                        entity.get("responder"),
                        entity.get("originator"),
                        entity.get("port"),
                        Wording.counted(numbers.get(DENIALS), "denial"));
    }

    /**
     * Denied, accepted and answered attempts by class of originator and service. Only answers count as a cause to judge:
     * most services are denied to most of the internet for ever, and others answer without ever having denied.
     */
    static final class Routing implements ConnectionRouter {

        private final List<RuleSettings> rules;

        Routing(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            if (!closed.tcp() || !closed.connection().rolesKnown()) {
                return;
            }
            boolean denied = closed.denied();
            if (denied ? !closed.failed() : !closed.passed(true)) {
                return;
            }
            boolean answered = !denied && closed.answered();
            String kind = denied ? DENIED : answered ? ANSWERED : ACCEPTED;
            Map<String, String> allowedBy = answered ? AllowLists.covering(rules, closed) : Map.of();
            IpAddress first = classOf(closed.originator()).network();
            Cell cell = new Cell(first, closed.port(), closed.protocol(), kind, allowedBy);
            Sample sample = closed.sample();
            long[] moment = {closed.start() << HOST_BITS | hostOf(closed.originator())};
            Tally tally = new Tally(
                    List.of(sample),
                    answered ? 1 : 0,
                    0,
                    0,
                    sample.start(),
                    closed.coverageGap(),
                    denied ? 1 : 0,
                    moment);
            marks.add(subject(closed), cell, closed, tally);
        }

        /** Of an IPv4 address its last byte, which tells all of its class apart. */
        private static long hostOf(IpAddress originator) {
            long low = originator.ipv6() ? Cell.mix(originator.low()) : originator.low();
            return low & Denials.HOSTS - 1;
        }

        private static Subject subject(ClosedConnection closed) {
            return Subject.of(FAMILY.space(), closed.connection().scope(), closed.responder(), closed.port() % SHARES);
        }
    }
}
