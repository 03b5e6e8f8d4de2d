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
 */
final class OriginatorRouter implements Router {

    private final Rules rules;
    private final Networks networks;

    OriginatorRouter(Rules rules, Networks networks) {
        this.rules = rules;
        this.networks = networks;
    }

    @Override
    public void route(Connection connection, Consumer<Contribution> out) {
        if (connection.protocol() != FlowRecord.TCP && connection.protocol() != FlowRecord.UDP) {
            return;
        }
        if (Outcome.failed(connection) || Outcome.rejectedUdp(connection)) {
            out.accept(contribution(connection, Role.COUNTS, 0));
            return;
        }
        int facts = (Outcome.answered(connection) ? Contribution.ANSWERED : 0)
                | (Outcome.completed(connection) ? Contribution.COMPLETED : 0);
        if (facts != 0) {
            out.accept(contribution(connection, Role.FACT, facts));
        }
    }

    private Contribution contribution(Connection connection, Role role, int facts) {
        boolean internal = networks.internal(connection.originator());
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
}
