package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.settings.BaselineNeeded;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Action;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Connection.Observation;
import io.flowsentinel.model.Observer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An interface passed a protocol that is neither common nor known of it: nothing for two weeks, then SCTP or a number
 * nobody uses. What looks alike and does not fire: TCP, UDP, ICMP, tunnels and IPsec (1, 4, 6, 17, 41, 47, 50, 51, 58),
 * what a filter rejected, for anybody may send that, and a protocol the interface has had all along. The kind of finding
 * is GuardDuty's.
 *
 * <p>The baseline is that of the interface, whatever it passed, see {@link Attendance}. All such protocols of one interface
 * are one finding that lists them.
 */
final class UnusualProtocol extends NewThings {

    static final String ID = "unusual-protocol";

    static final Family FAMILY = Family.ofHours(20)
            .rule(ID, rules -> new UnusualProtocol(rules.rule(ID), rules.baseline()))
            .connections(Routing::new);

    private static final Told TOLD = new Told(
            "protocols",
            "protocol",
            "protocols of the interface",
            "interface",
            "Unusual protocol: %s passed %s not seen before, %s");
    private static final long SPAN = 14 * Detector.DAY;

    UnusualProtocol(RuleSettings rule, BaselineNeeded needed) {
        super(rule, needed, SPAN, 1, TOLD);
    }

    @Override
    String thing(Cell cell) {
        return Attendance.is(cell) ? null : String.valueOf(cell.protocol());
    }

    @Override
    List<EntityField> entity(PaneTally counted) {
        return List.of(new EntityField("interface", counted.tally().first().interfaceId()));
    }

    /** What each interface passed of unusual protocols, and of all else only that the interface is there. */
    static final class Routing implements ConnectionRouter {

        private static final Set<Integer> COMMON = Set.of(1, 4, 6, 17, 41, 47, 50, 51, 58);

        private final List<RuleSettings> rules;
        private final Attendance attendance = new Attendance();

        Routing(Rules rules) {
            this.rules = rules.on(ID);
        }

        @Override
        public void route(ClosedConnection closed, Marks marks) {
            boolean common = COMMON.contains(closed.protocol());
            if (common
                    && !Attendance.tells(
                            closed.connection().originator().endpoint(),
                            closed.connection().responder().endpoint(),
                            closed.start())) {
                return;
            }
            Set<String> marked = new TreeSet<>();
            for (Observation seen : closed.connection().observations()) {
                Observer by = seen.observer();
                if (seen.action() == Action.ACCEPT && marked.add(by.interfaceId())) {
                    Subject subject = Subject.of(FAMILY.space(), by.scope(), by.interfaceId());
                    if (common) {
                        attendance.tell(subject, by, closed, marks);
                    } else {
                        Cell cell = new Cell(null, 0, closed.protocol(), null, AllowLists.covering(rules, closed));
                        Sample sample = closed.sample(by.scope(), by.interfaceId());
                        marks.add(subject, cell, closed, Tally.of(sample, closed.coverageGap()));
                    }
                }
            }
        }
    }
}
