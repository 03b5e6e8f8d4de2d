package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.CountedRecord;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.RecordRouter;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * An internal originator floods a public responder: packets, bits or connections a second over a pane, at FastNetMon's
 * thresholds. Packets and bits are those of the originator's records as its own interface logged them on the way out,
 * spread over their time; connections are counted as they close.
 *
 * <p>Not a flood: what a responder sends to whoever asked; uploads to AWS services; what filters rejected, for it did
 * not leave; what other interfaces saw of the same packets.
 *
 * <p>The alert's count is that of the records in each pane, or of the connections where only their rate is too high.
 * Allow-lists cover connections; packets and bits belong to records, which none covers.
 */
final class OutboundDos implements Detector {

    static final String ID = "outbound-dos";

    static final Family FAMILY = Family.ofMinutes(14)
            .rule(ID, rules -> new OutboundDos(rules.rule(ID)))
            .weighing(OutboundDos::weight)
            .connections(Opening::new)
            .records(Sending::new);

    private static final String SENT = "sent";
    private static final String OPENED = "opened";
    private static final String PACKETS = "packets_per_second";
    private static final String BITS = "bits_per_second";
    private static final String CONNECTIONS = "connections_per_second";
    private static final long BITS_OF_A_BYTE = 8;
    private static final long MILLION = 1_000_000;

    /** A second, of a usual flood. */
    private static final double USUAL_PACKETS = 20_000;

    private static final double USUAL_BITS = 1e9;
    private static final double USUAL_CONNECTIONS = 3_500;

    /** Seconds; in a longer pane it takes more. */
    private static final long SHORTEST_PANE = 60;

    private final RuleSettings rule;

    OutboundDos(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    /** The threshold that is easiest to reach, as {@link #weight} weighs. */
    @Override
    public double least() {
        return MILLION
                * Math.min(
                        rule.threshold("packets") / USUAL_PACKETS,
                        Math.min(
                                rule.threshold("bits") / USUAL_BITS,
                                rule.threshold("connections") / USUAL_CONNECTIONS));
    }

    /**
     * Millionths of a usual flood's packets, bits and connections, together: no less than those of each alone. What is in
     * state was weighed under other rules, so the weight does not depend on them.
     */
    private static long weight(Tally tally) {
        double share = tally.packets() / USUAL_PACKETS
                + tally.bytes() * BITS_OF_A_BYTE / USUAL_BITS
                + tally.count() / USUAL_CONNECTIONS;
        return (long) Math.ceil(MILLION * share / SHORTEST_PANE);
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        if (window.tallies().isEmpty()) {
            return List.of();
        }
        return AllowLists.accuse(ID, window.tallies(), tallies -> condition(tallies, window.paneLength())).stream()
                .toList();
    }

    private Sighting.Builder condition(List<PaneTally> tallies, long seconds) {
        List<PaneTally> sent = of(tallies, SENT);
        List<PaneTally> opened = of(tallies, OPENED);
        double packets = sum(sent, Tally::packets) / seconds;
        double bits = sum(sent, Tally::bytes) * BITS_OF_A_BYTE / seconds;
        double connections = sum(opened, Tally::count) / seconds;
        double byPackets = packets / rule.threshold("packets");
        double byBits = bits / rule.threshold("bits");
        double byConnections = connections / rule.threshold("connections");
        double most = Math.max(byConnections, Math.max(byPackets, byBits));
        if (most < 1) {
            return null;
        }
        boolean volume = byPackets >= 1 || byBits >= 1;
        List<PaneTally> contributing = volume ? sent : opened;
        Sample example = contributing.get(0).tally().first();
        List<EntityField> entity = List.of(
                new EntityField("originator", example.originator().address().toString()),
                new EntityField("responder", example.responder().address().toString()));
        Sighting.Builder sighting = Sighting.of(rule, entity, contributing)
                .scope(example.scope())
                .severity(Severity.HIGH)
                .peak(PACKETS, (long) packets)
                .peak(BITS, (long) bits)
                .peak(CONNECTIONS, (long) connections)
                .ties(Ties.both(example));
        if (most == byPackets) {
            return sighting.over(PACKETS, rule.threshold("packets"));
        }
        return most == byBits
                ? sighting.over(BITS, rule.threshold("bits"))
                : sighting.over(CONNECTIONS, rule.threshold("connections"));
    }

    private static double sum(List<PaneTally> tallies, ToLongFunction<Tally> number) {
        double sum = 0;
        for (PaneTally entry : tallies) {
            sum += number.applyAsLong(entry.tally());
        }
        return sum;
    }

    private static List<PaneTally> of(List<PaneTally> tallies, String side) {
        return tallies.stream()
                .filter(entry -> entry.cell().side().equals(side))
                .toList();
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Outbound flood: %s sent %s up to %d packets, %d bits and %s a second"
                .formatted(
                        entity.get("originator"),
                        entity.get("responder"),
                        numbers.get(PACKETS),
                        numbers.get(BITS),
                        Wording.counted(numbers.get(CONNECTIONS), "connection"));
    }

    /** What originators' own interfaces logged on the way out. */
    static final class Sending implements RecordRouter {

        private static final Cell CELL = new Cell(null, 0, 0, SENT, Map.of());

        Sending(Rules rules) {}

        @Override
        public void route(CountedRecord counted, Marks marks) {
            FlowRecord flow = counted.flow();
            if (!counted.fromOriginator()
                    || !flow.accepted()
                    || !counted.destinationPublic()
                    || counted.destinationService() != null) {
                return;
            }
            if (flow.forwarded() && !counted.sent()) {
                translated(counted, marks);
            } else if (counted.sent()) {
                Subject subject = subject(flow.observer().scope(), counted.source(), counted.destination());
                Sample sample = counted.sample();
                Spread.over(
                        marks.panes(),
                        flow,
                        (pane, packets, bytes) -> marks.add(
                                subject,
                                CELL,
                                false,
                                pane,
                                counted.decidedAt(),
                                Tally.of(sample, packets, bytes, false)));
            }
        }

        /** A gateway's own record of the same packets is held back at once, not when the connection closes. */
        private static void translated(CountedRecord counted, Marks marks) {
            FlowRecord flow = counted.flow();
            IpAddress gateway = flow.plainSource();
            if (counted.sourceInternal() && gateway != null && !gateway.equals(counted.source())) {
                Subject subject = subject(flow.observer().scope(), gateway, counted.destination());
                Spread.over(
                        marks.panes(),
                        flow,
                        (pane, packets, bytes) -> marks.add(
                                subject, CELL, true, pane, counted.decidedAt(), Tally.fact(Marks.TRANSLATED)));
            }
        }
    }

    /** Connections that left the originator's own interface. */
    static final class Opening implements ConnectionRouter {

        private final List<RuleSettings> rules;

        Opening(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            if (!closed.originatorInternal()
                    || !closed.responderPublic()
                    || closed.denied()
                    || closed.connection().responder().service() != null) {
                return;
            }
            String scope = closed.originatorScope();
            marks.translated(cell(Map.of()), closed, gateway -> subject(scope, gateway, closed.responder()));
            if (closed.connection().originator().observer() != null) {
                marks.count(
                        subject(scope, closed.originator(), closed.responder()),
                        cell(AllowLists.covering(rules, closed)),
                        closed);
            }
        }

        private static Cell cell(Map<String, String> allowedBy) {
            return new Cell(null, 0, 0, OPENED, allowedBy);
        }
    }

    private static Subject subject(String scope, IpAddress originator, IpAddress responder) {
        return Subject.of(FAMILY.space(), scope, originator, responder);
    }
}
