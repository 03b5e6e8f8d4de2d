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
import java.util.Set;

/**
 * An internal UDP responder answers public originators with far more than they sent, many times: somebody asks in the
 * name of a victim. Ports, factor, mean and number of connections are those of NEMEA's amplification detector.
 *
 * <p>Not amplification: a name or time service whose answers are small; a large answer now and then; a responder whose
 * requests are not logged, for then nobody can tell the factor.
 *
 * <p>Bytes are those of records as the responder's own interface logged them, spread over their time; connections are
 * counted as they close, so the finding comes a connection's timeout after the first answers. Allow-lists cover
 * connections: without enough that no entry covers, there is nothing to accuse, however many bytes.
 */
final class Amplification implements Detector {

    static final String ID = "amplification";

    static final Family FAMILY = Family.ofMinutes(15)
            .rule(ID, rules -> new Amplification(rules.rule(ID)))
            .connections(Asking::new)
            .records(Answering::new);

    /** Chargen, DNS, NTP, SNMP, CLDAP, SSDP and memcached. */
    private static final Set<Integer> PORTS = Set.of(19, 53, 123, 161, 389, 1900, 11_211);

    private static final String ASKED = "asked";
    private static final String ANSWERED = "answered";
    private static final String OPENED = "opened";
    private static final String FACTOR = "factor";

    private final RuleSettings rule;

    Amplification(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold(Sighting.CONNECTIONS);
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        if (window.tallies().isEmpty()) {
            return List.of();
        }
        return AllowLists.accuse(ID, window.tallies(), this::condition).stream().toList();
    }

    private Sighting.Builder condition(List<PaneTally> tallies) {
        long connections = 0;
        double asked = 0;
        double answered = 0;
        for (PaneTally entry : tallies) {
            switch (entry.cell().side()) {
                case ASKED -> asked += entry.tally().bytes();
                case ANSWERED -> answered += entry.tally().bytes();
                default -> connections += entry.tally().count();
            }
        }
        if (connections < rule.threshold(Sighting.CONNECTIONS)
                || asked == 0
                || answered < rule.threshold(FACTOR) * asked
                || answered < rule.threshold("mean_bytes") * connections) {
            return null;
        }
        List<PaneTally> contributing = tallies.stream()
                .filter(entry -> !entry.cell().side().equals(ASKED))
                .toList();
        Sample example = contributing.get(0).tally().first();
        List<EntityField> entity = List.of(
                new EntityField("responder", example.responder().address().toString()),
                new EntityField("port", String.valueOf(example.responder().port())));
        return Sighting.of(rule, entity, contributing)
                .scope(example.scope())
                .severity(Severity.HIGH)
                .over(Sighting.CONNECTIONS, rule.threshold(Sighting.CONNECTIONS))
                .peak(FACTOR, (long) (answered / asked));
    }

    @Override
    public Wording wording() {
        return (entity, numbers) ->
                "Amplification: %s UDP port %s answered %s with %d bytes, up to %d times what was asked"
                        .formatted(
                                entity.get("responder"),
                                entity.get("port"),
                                Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"),
                                numbers.get("bytes"),
                                numbers.get(FACTOR));
    }

    private static Subject subject(String scope, IpAddress responder, int port) {
        return Subject.of(FAMILY.space(), scope, responder, port);
    }

    /** What was asked and answered, as the responder's own interface logged it. */
    static final class Answering implements RecordRouter {

        Answering(Rules rules) {}

        @Override
        public void route(CountedRecord counted, Marks marks) {
            FlowRecord flow = counted.flow();
            if (flow.protocol() != FlowRecord.UDP || !flow.accepted()) {
                return;
            }
            if (counted.fromOriginator()) {
                if (PORTS.contains(flow.destination().port()) && counted.received() && counted.sourcePublic()) {
                    spread(counted, counted.destination(), flow.destination().port(), ASKED, marks);
                }
            } else if (PORTS.contains(flow.source().port()) && counted.sent() && counted.destinationPublic()) {
                spread(counted, counted.source(), flow.source().port(), ANSWERED, marks);
            }
        }

        private static void spread(CountedRecord counted, IpAddress responder, int port, String side, Marks marks) {
            Subject subject = subject(counted.flow().observer().scope(), responder, port);
            Cell cell = new Cell(null, port, FlowRecord.UDP, side, Map.of());
            Sample sample = counted.sample();
            Spread.over(
                    marks.panes(),
                    counted.flow(),
                    (pane, packets, bytes) -> marks.add(
                            subject, cell, false, pane, counted.decidedAt(), Tally.carried(sample, packets, bytes)));
        }
    }

    /** Connections that were answered. */
    static final class Asking implements ConnectionRouter {

        private final List<RuleSettings> rules;

        Asking(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            if (closed.udp()
                    && PORTS.contains(closed.port())
                    && closed.completed()
                    && closed.responderInternal()
                    && closed.originatorPublic()) {
                Cell cell = new Cell(null, closed.port(), FlowRecord.UDP, OPENED, AllowLists.covering(rules, closed));
                marks.count(subject(closed.connection().scope(), closed.responder(), closed.port()), cell, closed);
            }
        }
    }
}
