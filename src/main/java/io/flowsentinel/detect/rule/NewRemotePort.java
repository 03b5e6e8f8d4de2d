package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.settings.BaselineNeeded;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.FlowRecord;
import java.util.List;
import java.util.Map;

/**
 * Machines of one role have got through to a remote port that the role has not used for two weeks. What looks alike and
 * does not fire: an attempt that nobody answered, one or two connections, what a neighbour of another role does, and a
 * port that is used once in a fortnight. The kind of finding is GuardDuty's (NetworkPortUnusual), which publishes no
 * numbers.
 *
 * <p>The catalogue's key is the role, for which there is no entity field: {@code subnet} holds it, for that is what a role
 * is where there are no tags; title, context and resource say that it is a role. All new ports of one role are one finding
 * that lists them.
 */
final class NewRemotePort extends NewThings {

    static final String ID = "new-remote-port";

    private static final Told TOLD = new Told(
            "ports",
            "port",
            "remote ports the role connects to",
            "subnet",
            "New remote ports: role %s connected to %s not used before, %s");

    NewRemotePort(RuleSettings rule, BaselineNeeded needed) {
        super(rule, needed, RoleRouter.SPAN, rule.threshold("connections"), TOLD);
    }

    @Override
    String thing(Cell cell) {
        return (cell.protocol() == FlowRecord.TCP ? "TCP " : "UDP ") + cell.port();
    }

    @Override
    List<EntityField> entity(PaneTally counted) {
        return RoleRouter.entity(counted.cell());
    }

    @Override
    Map<String, String> context(PaneTally counted) {
        return RoleRouter.context(counted.cell());
    }
}
