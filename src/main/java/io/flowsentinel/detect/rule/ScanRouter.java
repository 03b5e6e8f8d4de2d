package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.PlainCourt;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import java.util.List;
import java.util.Map;

/**
 * Connections by who opened them: failed ones count, answered and completed ones are facts. An external originator is
 * judged by its address alone, so that one scanner over two VPCs is one; an internal one with its scope.
 */
final class ScanRouter implements ConnectionRouter {

    static final Family FAMILY = Family.ofMinutes(1)
            .resting()
            .rule(PortScan.ID, rules -> new PortScan(rules.rule(PortScan.ID)))
            .rule(HostSweep.ID, rules -> new HostSweep(rules.rule(HostSweep.ID)))
            .court(
                    MixedScan.ID,
                    (rules, judges) -> new ScanCourt(new PlainCourt(judges), new MixedScan(rules.rule(MixedScan.ID))))
            .connections(ScanRouter::new);

    /** The responder sent a SYN-ACK that was accepted. */
    static final int ANSWERED = 1;

    /** The originator got further than a half-open connection. */
    static final int COMPLETED = 1 << 1;

    private final List<RuleSettings> rules;

    ScanRouter(Rules rules) {
        this.rules = rules.on(PortScan.ID, HostSweep.ID, MixedScan.ID);
    }

    @Override
    public void route(ClosedConnection connection, Marks marks) {
        if (!connection.tcp() && !connection.udp()) {
            return;
        }
        boolean counts = connection.failed() || connection.rejectedUdp();
        // Answered and failed: a SYN-ACK before both sides reset. For the one who tried it failed, yet somebody is
        // there.
        int facts = (connection.answered() ? ANSWERED : 0) | (!counts && connection.completed() ? COMPLETED : 0);
        if (!counts && facts == 0) {
            return;
        }
        marks.translated(FAMILY, cell(connection, Map.of()), connection);
        Subject subject = Subject.of(FAMILY.space(), connection.originatorScope(), connection.originator());
        if (counts) {
            marks.count(subject, cell(connection, AllowLists.covering(rules, connection)), connection);
        }
        if (facts != 0) {
            marks.fact(subject, cell(connection, Map.of()), facts, connection);
        }
    }

    /**
     * What was tried. Equal private addresses in two VPCs are two hosts, so what an external originator tries is told apart
     * by the responder's scope; an internal one is judged within its own.
     */
    static Cell cell(ClosedConnection connection, Map<String, String> allowedBy) {
        boolean fromOutside = !connection.originatorInternal() && connection.responderInternal();
        String scope = fromOutside ? connection.connection().scope() : null;
        return new Cell(connection.responder(), connection.port(), connection.protocol(), scope, allowedBy);
    }
}
