package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.FlowRecord;
import java.util.List;

/**
 * Machines of one role have got through to a remote port that the role has not used for two weeks. What looks alike and
 * does not fire: an attempt that nobody answered, one or two connections, what a neighbour of another role does, and a
 * port that is used once in a fortnight. The kind of finding is GuardDuty's (NetworkPortUnusual), which publishes no
 * numbers.
 *
 * <p>The catalogue's key is the role, for which there is no entity field: {@code subnet} holds it, for that is what a role
 * is where there are no tags. All new ports of one role are one finding that lists them.
 */
final class NewRemotePort extends NewThings {

    static final String ID = "new-remote-port";

    private static final String PORTS = "ports";

    NewRemotePort(RuleSettings rule, Baseline.Needed needed) {
        super(rule, needed, RoleRouter.SPAN, PORTS, "remote ports the role connects to", rule.threshold("connections"));
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
    public Wording wording() {
        return (entity, numbers) -> "New remote ports: %s connected to %s not used before, %s"
                .formatted(
                        entity.get("subnet"),
                        Wording.counted(numbers.get(PORTS), "port"),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"));
    }
}
