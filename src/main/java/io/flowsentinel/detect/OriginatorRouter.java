package io.flowsentinel.detect;

import io.flowsentinel.detect.Contribution.Role;
import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FlowRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Connections by who opened them: failed ones count, answered and completed ones are facts. An external originator is
 * keyed by its address alone, so that one scanner over two VPCs is one; an internal one with its scope.
 *
 * <p>Most connections of an originator are answered ones, of which a pane needs to hear once per service: repetitions
 * are left out before anything is made of them.
 */
final class OriginatorRouter implements Router {

    private static final long serialVersionUID = 1L;

    private final Rules rules;
    private final Networks networks;
    private final Panes panes;
    private final transient SentFacts sent = new SentFacts();

    OriginatorRouter(Rules rules, Networks networks, Panes panes) {
        this.rules = rules;
        this.networks = networks;
        this.panes = panes;
    }

    @Override
    public void route(Connection connection, Consumer<Contribution> out) {
        if (connection.protocol() != FlowRecord.TCP && connection.protocol() != FlowRecord.UDP) {
            return;
        }
        if (Outcome.failed(connection) || Outcome.rejectedUdp(connection)) {
            boolean internal = internal(connection);
            out.accept(contribution(connection, internal, Role.COUNTS, 0));
            if (Outcome.answered(connection)) {
                // A SYN-ACK before both sides reset: failed for the one who tried, and yet somebody is there.
                out.accept(contribution(connection, internal, Role.FACT, Contribution.ANSWERED));
            }
            return;
        }
        int facts = (Outcome.answered(connection) ? Contribution.ANSWERED : 0)
                | (Outcome.completed(connection) ? Contribution.COMPLETED : 0);
        if (facts == 0) {
            return;
        }
        boolean internal = internal(connection);
        long pane = panes.entering(connection.start(), connection.decidedAt());
        if (sent.add(internal ? connection.scope() : null, connection, facts, pane)) {
            out.accept(contribution(connection, internal, Role.FACT, facts));
        }
    }

    private boolean internal(Connection connection) {
        return networks.internal(connection.originator());
    }

    private Contribution contribution(Connection connection, boolean internal, Role role, int facts) {
        boolean counts = role == Role.COUNTS;
        String address = connection.originator().endpoint().address().toString();
        return new Contribution(
                internal ? connection.scope() + " " + address : address,
                role,
                counts ? connection.id() : "",
                connection.scope(),
                connection.originator().endpoint(),
                connection.responder().endpoint(),
                connection.protocol(),
                connection.state(),
                connection.verdict(),
                internal,
                networks.internal(connection.responder()),
                facts,
                connection.start(),
                connection.decidedAt(),
                connection.has(Connection.Trait.COVERAGE_GAP),
                null,
                null,
                counts ? allowedBy(connection) : Map.of(),
                counts ? connection.evidence() : List.of());
    }

    private Map<String, String> allowedBy(Connection connection) {
        Map<String, String> allowedBy = Map.of();
        for (RuleSettings rule : rules.on(PortScan.ID, HostSweep.ID, MixedScan.ID)) {
            AllowEntry entry = AllowEntry.first(rule.allow(), connection);
            if (entry != null) {
                allowedBy = new HashMap<>(allowedBy);
                allowedBy.put(rule.id(), entry.toString());
            }
        }
        return Map.copyOf(allowedBy);
    }

    /** With an empty memory of what was sent: that is never part of a job. */
    private Object readResolve() {
        return new OriginatorRouter(rules, networks, panes);
    }
}
