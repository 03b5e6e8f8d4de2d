package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.IpAddress;
import java.util.List;
import java.util.Map;

/** Connections to services with a login, by the pair: whether a pair is new is asked of all of them together. */
final class LoginRouter implements ConnectionRouter {

    private final List<RuleSettings> rules;

    LoginRouter(Rules rules) {
        this.rules = rules.on(BruteForce.ID);
    }

    @Override
    public void route(ClosedConnection connection, Marks marks) {
        FailedLogin failed = failedLogin(connection);
        if (failed != null) {
            mark(connection, LoginKind.of(connection, failed), marks);
        }
    }

    @Override
    public void routeAged(ClosedConnection aged, Marks marks) {
        FailedLogin failed = failedLogin(aged);
        if (failed != null && LoginKind.of(aged, failed) == LoginKind.SESSION) {
            mark(aged, LoginKind.OPEN, marks);
        }
    }

    /** What one that fails looks like; null where it is to none of the services, or nobody knows who opened it. */
    private static FailedLogin failedLogin(ClosedConnection connection) {
        if (!connection.tcp() || connection.failed() || !connection.connection().rolesKnown()) {
            return null;
        }
        return FailedLogin.at(connection.port());
    }

    private void mark(ClosedConnection connection, LoginKind kind, Marks marks) {
        marks.translated(cell(connection, kind, Map.of()), connection, gateway -> subject(connection, gateway));
        Tally tally = Tally.at(connection.sample(), kind.moment(connection.start()), connection.coverageGap());
        Cell cell = cell(connection, kind, AllowLists.covering(rules, connection));
        marks.add(subject(connection, connection.originator()), cell, connection, tally);
    }

    /** Where neither side is internal there is no scope. */
    private static Subject subject(ClosedConnection connection, IpAddress originator) {
        boolean scoped = connection.originatorInternal() || connection.responderInternal();
        String scope = scoped ? connection.connection().scope() : null;
        return Subject.of(BruteForce.FAMILY.space(), scope, originator, connection.responder());
    }

    private static Cell cell(ClosedConnection connection, LoginKind kind, Map<String, String> allowedBy) {
        return new Cell(null, connection.port(), connection.protocol(), kind.name(), allowedBy);
    }
}
