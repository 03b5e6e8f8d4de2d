package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Somebody who was denied a service for a day and longer is let in and answered: a filter has been opened. What looks
 * alike and does not fire: a burst of denials within a day, a service that let in the one and denied the other all along
 * (anything accepted meanwhile, answered or not, begins the count anew), and a service that is open but silent.
 *
 * <p>Who is denied today and let in tomorrow is seldom the same address, so an originator stands for its class: the /24 of
 * an IPv4 address, the /64 of an IPv6 one, internal or not; the entity's {@code originator} is the first address of the
 * class. Responders are told apart by scope, and so are classes, whose filters are the responder's. TCP only: an answer
 * takes a SYN-ACK. What a NAT gateway opens is not held back: who is judged is a class, not the gateway.
 *
 * <p>Denials are remembered for a week; of more than are needed the first and the last ones.
 */
final class NewlyAllowed implements Detector {

    static final String ID = "newly-allowed";

    static final Family FAMILY = Family.ofHours(22)
            .rule(ID, rules -> new NewlyAllowed(rules.rule(ID)))
            .connections(Routing::new);

    private static final String DENIALS = "denials";
    private static final String DENIED = "denied";
    private static final String ACCEPTED = "accepted";
    private static final String ANSWERED = "answered";
    private static final long SPREAD = Episode.DAY;
    private static final long SPAN = 7 * Episode.DAY;
    private static final int FEWEST_KEPT = 64;

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

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        List<PaneTally> answered = of(ANSWERED, window.tallies());
        if (answered.isEmpty()) {
            return List.of();
        }
        long letIn = Math.min(
                moments(ANSWERED, answered)[0],
                Arrays.stream(moments(ACCEPTED, window.tallies())).findFirst().orElse(Long.MAX_VALUE));
        long[] denials = denials(memory, window.tallies())
                .filter(moment -> moment < letIn)
                .sorted()
                .toArray();
        if (denials.length < rule.threshold(DENIALS) || denials[denials.length - 1] - denials[0] < SPREAD) {
            return List.of();
        }
        return AllowLists.accuse(ID, answered, tallies -> sighting(tallies, denials.length))
                .map(List::of)
                .orElse(List.of());
    }

    private Sighting.Builder sighting(List<PaneTally> tallies, long denials) {
        PaneTally first = tallies.get(0);
        Sample example = first.tally().first();
        List<EntityField> entity = List.of(
                new EntityField("originator", first.cell().address().toString()),
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(first.cell().port())));
        return Sighting.of(rule, entity, tallies)
                .scope(example.scope())
                .severity(Severity.MEDIUM)
                .over(DENIALS, rule.threshold(DENIALS))
                .peak(DENIALS, denials)
                .context("originators", classOf(first.cell().address()).toString())
                .ties(List.of(Ties.responder(example)));
    }

    /** The block of addresses an originator stands for. */
    static Cidr classOf(IpAddress originator) {
        return Cidr.around(originator, originator.ipv6() ? 64 : 24);
    }

    private static List<PaneTally> of(String kind, List<PaneTally> tallies) {
        return tallies.stream()
                .filter(entry -> kind.equals(entry.cell().side()))
                .toList();
    }

    /** Sorted. */
    private static long[] moments(String kind, List<PaneTally> tallies) {
        return of(kind, tallies).stream()
                .flatMapToLong(entry -> Arrays.stream(entry.tally().moments()))
                .sorted()
                .toArray();
    }

    /** Known so far, and those of these. */
    private static LongStream denials(Memory memory, List<PaneTally> tallies) {
        long[] known = memory.get(DENIED);
        return LongStream.concat(
                known == null ? LongStream.empty() : Arrays.stream(known), Arrays.stream(moments(DENIED, tallies)));
    }

    @Override
    public boolean learns() {
        return true;
    }

    /**
     * Denials up to the last accepted attempt of a pane are of no use any more. Panes come in the order of time, so what
     * was accepted need not be remembered: most services of most subjects never deny anything, and leave nothing.
     */
    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        long letIn = LongStream.concat(
                        Arrays.stream(moments(ACCEPTED, tallies)), Arrays.stream(moments(ANSWERED, tallies)))
                .max()
                .orElse(Long.MIN_VALUE);
        keep(denials(memory, tallies).filter(moment -> moment > letIn), memory);
    }

    @Override
    public long forget(Memory memory, long time) {
        keep(denials(memory, List.of()).filter(moment -> moment >= time - SPAN), memory);
        return memory.get(DENIED) == null ? Long.MAX_VALUE : time + Episode.DAY;
    }

    private void keep(LongStream denials, Memory memory) {
        long[] left = denials.sorted().toArray();
        int most = (int) Math.max(FEWEST_KEPT, 2 * rule.threshold(DENIALS));
        if (left.length > most) {
            left = LongStream.concat(
                            Arrays.stream(left, 0, most / 2), Arrays.stream(left, left.length - most / 2, left.length))
                    .toArray();
        }
        if (left.length > 0) {
            memory.put(DENIED, left);
        } else {
            memory.remove(DENIED);
        }
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Newly allowed: %s answered the network of %s on port %s, %s before that"
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
            if (denied ? !closed.failed() : !letIn(closed)) {
                return;
            }
            boolean answered = !denied && closed.answered();
            String kind = denied ? DENIED : answered ? ANSWERED : ACCEPTED;
            IpAddress first = classOf(closed.originator()).network();
            Map<String, String> allowedBy = answered ? AllowLists.covering(rules, closed) : Map.of();
            Cell cell = new Cell(first, closed.port(), closed.protocol(), kind, allowedBy);
            Sample sample = closed.sample();
            long[] moment = {closed.start()};
            Tally tally =
                    new Tally(List.of(sample), answered ? 1 : 0, 0, 0, sample.start(), closed.coverageGap(), 0, moment);
            marks.add(subject(closed, first), cell, closed, tally);
        }

        private static boolean letIn(ClosedConnection closed) {
            for (Observation seen : closed.connection().observations()) {
                if (seen.fromOriginator() && seen.action() == Action.ACCEPT) {
                    return true;
                }
            }
            return false;
        }

        private static Subject subject(ClosedConnection closed, IpAddress first) {
            return Subject.of(
                    FAMILY.space(),
                    closed.connection().scope(),
                    first,
                    closed.responder(),
                    closed.port(),
                    closed.protocol());
        }
    }
}
