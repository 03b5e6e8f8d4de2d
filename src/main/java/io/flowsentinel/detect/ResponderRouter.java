package io.flowsentinel.detect;

import io.flowsentinel.detect.Contribution.Role;
import io.flowsentinel.model.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Connections by who answered them: public originators on administration and database ports. */
final class ResponderRouter implements Router {

    private final Rules rules;
    private final Networks networks;

    ResponderRouter(Rules rules, Networks networks) {
        this.rules = rules;
        this.networks = networks;
    }

    @Override
    public void route(Connection connection, Consumer<Contribution> out) {
        if (rules.adminOrDatabase(connection.responder().endpoint().port())
                && Outcome.answered(connection)
                && networks.isPublic(connection.originator())) {
            out.accept(contribution(connection));
        }
    }

    private Contribution contribution(Connection connection) {
        return new Contribution(
                connection.scope() + " " + connection.responder().endpoint().address(),
                Role.COUNTS,
                connection.id(),
                connection.scope(),
                connection.originator().endpoint(),
                connection.responder().endpoint(),
                connection.protocol(),
                connection.state(),
                connection.verdict(),
                false,
                networks.internal(connection.responder()),
                Contribution.ANSWERED,
                connection.start(),
                connection.decidedAt(),
                connection.has(Connection.Trait.COVERAGE_GAP),
                null,
                null,
                allowedBy(connection),
                connection.evidence());
    }

    private Map<String, String> allowedBy(Connection connection) {
        Map<String, String> allowedBy = new HashMap<>();
        for (AllowEntry entry : rules.rule(ExposedAdminService.ID).allow()) {
            if (entry.covers(connection)) {
                String key = entry.namesSource() ? ExposedAdminService.KNOWN_SOURCE : ExposedAdminService.ID;
                allowedBy.putIfAbsent(key, entry.toString());
            }
        }
        return Map.copyOf(allowedBy);
    }
}
