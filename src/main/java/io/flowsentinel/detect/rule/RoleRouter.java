package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.ClosedConnection;
import io.flowsentinel.detect.judging.ConnectionRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import java.util.List;
import java.util.Map;

/**
 * Successful egress connections by the role of the originator's own interface: instance tag, else Auto Scaling group tag,
 * else subnet. A NAT gateway has no role to be judged by, it is judged by its address; where the inner pairs are logged
 * too, what it does is held against those.
 */
final class RoleRouter implements ConnectionRouter {

    /** Both rules look at the same connections of the same roles, so these cross the exchange and are kept once. */
    static final Family FAMILY = Family.ofHours(18)
            .rule(NewRemotePort.ID, rules -> new NewRemotePort(rules.rule(NewRemotePort.ID), rules.baseline()))
            .rule(
                    UnusualAwsService.ID,
                    rules -> new UnusualAwsService(rules.rule(UnusualAwsService.ID), rules.baseline()))
            .connections(RoleRouter::new);

    /** How long what a role did is remembered, in seconds. */
    static final long SPAN = 14 * Detector.DAY;

    private static final String NO_SERVICE = "-";
    private static final Cell THROUGH = new Cell(null, 0, 0, null, Map.of());

    private final List<RuleSettings> rules;

    RoleRouter(Rules rules) {
        this.rules = rules.on(NewRemotePort.ID, UnusualAwsService.ID);
    }

    @Override
    public void route(ClosedConnection connection, Marks marks) {
        if (!successful(connection)) {
            return;
        }
        marks.translated(THROUGH, connection, gateway -> subject(connection, gateway));
        Observer own = connection.connection().originator().observer();
        String role = own == null ? null : own.role();
        if (role == null) {
            return;
        }
        Sample sample = connection.sample();
        IpAddress gateway = sample.translated() ? connection.originator() : null;
        Subject subject = gateway == null
                ? Subject.of(FAMILY.space(), connection.connection().scope(), role)
                : subject(connection, gateway);
        marks.add(subject, cell(connection, gateway, role), connection, Tally.of(sample, connection.coverageGap()));
    }

    /** The role in a cell that counts. */
    static String role(Cell cell) {
        return cell.side().substring(cell.side().indexOf(' ') + 1);
    }

    /** The AWS service in a cell that counts; null where the responder is none. */
    static String service(Cell cell) {
        String service = cell.side().substring(0, cell.side().indexOf(' '));
        return service.equals(NO_SERVICE) ? null : service;
    }

    /** TCP by its handshake; of UDP the log tells no more than that packets went both ways. */
    private static boolean successful(ClosedConnection connection) {
        return connection.udp()
                ? connection.connection().state() == ConnState.SF && !connection.denied()
                : connection.successful() && connection.connection().rolesKnown();
    }

    private static Subject subject(ClosedConnection connection, IpAddress gateway) {
        return Subject.of(FAMILY.space(), connection.connection().scope(), gateway);
    }

    /** Codes of services have no spaces; tags may have. */
    private Cell cell(ClosedConnection connection, IpAddress gateway, String role) {
        String service = connection.connection().responder().service();
        return new Cell(
                gateway,
                connection.port(),
                connection.protocol(),
                (service == null ? NO_SERVICE : service) + " " + role,
                AllowLists.covering(rules, connection));
    }

    /** That the entity's subnet is a role; of a gateway the role its interface has. */
    static Map<String, String> context(Cell cell) {
        return Map.of("role", role(cell));
    }

    /** The key fields of a role, or of a gateway. */
    static List<EntityField> entity(Cell cell) {
        EntityField role = new EntityField("subnet", role(cell));
        return cell.address() == null
                ? List.of(role)
                : List.of(new EntityField("endpoint", cell.address().toString()), role);
    }
}
