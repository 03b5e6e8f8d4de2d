package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Glance;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import it.unimi.dsi.fastutil.longs.LongList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One internal originator got answers from many internal responders on administration or database ports. A connection
 * pool to a few databases, however many connections it opens, is none, nor is an attempt nobody answers: that is a scan.
 * A bastion or a scanner of one's own belongs on the allow-list. The number is that of NEMEA's and Sentinel's sweeps. In
 * a log without flags the lower port answers, and so a service whose port is above its clients' is not seen.
 */
final class LateralFanOut implements Detector {

    static final String ID = "lateral-fan-out";

    static final Family FAMILY = Family.ofMinutes(5)
            .rule(ID, rules -> new LateralFanOut(rules.rule(ID)))
            .connections(Routing::new);

    private static final String RESPONDERS = "responders";

    private final RuleSettings rule;

    LateralFanOut(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold(RESPONDERS);
    }

    @Override
    public Glance glance() {
        return Glance.ADDRESSES;
    }

    /**
     * A client of a few databases comes to the threshold by connections, pane after pane. What an allow-list leaves has no
     * more responders than all.
     */
    @Override
    public boolean mayHold(LongList seen, long from, long to) {
        return new LongOpenHashSet(seen).size() >= least();
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        return AllowLists.accuse(ID, window.tallies(), this::condition).stream().toList();
    }

    private static Set<Long> responders(List<PaneTally> tallies) {
        Set<Long> responders = new TreeSet<>();
        for (PaneTally entry : tallies) {
            responders.add(Cell.fingerprint(entry.cell().address(), 0, 0));
        }
        return responders;
    }

    private Sighting.Builder condition(List<PaneTally> tallies) {
        Set<Long> responders = responders(tallies);
        Set<Long> ports = new TreeSet<>();
        for (PaneTally entry : tallies) {
            ports.add((long) entry.cell().port());
        }
        if (responders.size() < least()) {
            return null;
        }
        Sample example = tallies.get(0).tally().first();
        EntityField originator =
                new EntityField("originator", example.originator().address().toString());
        return Sighting.of(rule, List.of(originator), tallies)
                .scope(example.scope())
                .severity(Severity.HIGH)
                .over(RESPONDERS, least())
                .distinct(RESPONDERS, responders)
                .distinct("ports", ports)
                .ties(List.of(Ties.originator(example)));
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Lateral fan-out: %s got answers from %s on %s"
                .formatted(
                        entity.get("originator"),
                        Wording.counted(numbers.get(RESPONDERS), "internal host"),
                        Wording.counted(numbers.get("ports"), "administration or database port"));
    }

    /** Answered connections between internal addresses on administration and database ports, by originator. */
    static final class Routing implements ConnectionRouter {

        private static final Cell INNER = Cell.ofSubject(null);

        private final Rules rules;
        private final List<RuleSettings> judging;

        Routing(Rules rules) {
            this.rules = rules;
            this.judging = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection connection, Marks marks) {
            if (!answered(connection) || !connection.originatorInternal() || !connection.responderInternal()) {
                return;
            }
            marks.translated(FAMILY, INNER, connection);
            if (rules.adminOrDatabase(connection.port())) {
                Map<String, String> allowedBy = AllowLists.covering(judging, connection);
                Cell cell = new Cell(connection.responder(), connection.port(), connection.protocol(), null, allowedBy);
                marks.count(
                        Subject.of(FAMILY.space(), connection.originatorScope(), connection.originator()),
                        cell,
                        connection);
            }
        }

        /** In a log without flags an answer is what comes of more than a SYN and a RST. */
        private static boolean answered(ClosedConnection connection) {
            return connection.flagless() ? connection.completed() : connection.answered();
        }
    }
}
