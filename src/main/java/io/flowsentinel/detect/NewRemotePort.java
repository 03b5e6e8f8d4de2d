package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Machines of one role have got through to a remote port that the role has not used for two weeks. What looks alike and
 * does not fire: an attempt that nobody answered, one or two connections, what a neighbour of another role does, and a
 * port that is used once in a fortnight. The kind of finding is GuardDuty's (NetworkPortUnusual), which publishes no
 * numbers.
 *
 * <p>The catalogue's key is the role, for which there is no entity field: {@code subnet} holds it, for that is what a role
 * is where there are no tags. All new ports of one role are one finding that lists them.
 */
final class NewRemotePort implements Detector {

    static final String ID = "new-remote-port";

    private static final String PORTS = "ports";

    private final NewThings ports;

    NewRemotePort(RuleSettings rule, Baseline.Needed needed) {
        this.ports = new NewThings(
                rule,
                needed,
                RoleRouter.SPAN,
                PORTS,
                "remote ports the role connects to",
                rule.threshold("connections"),
                NewRemotePort::name);
    }

    private static String name(Cell cell) {
        return (cell.protocol() == FlowRecord.TCP ? "TCP " : "UDP ") + cell.port();
    }

    @Override
    public RuleSettings rule() {
        return ports.rule();
    }

    @Override
    public double least() {
        return ports.least();
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        return byRole(ports, window, memory);
    }

    /** The finding about the one role or gateway that the window is about. */
    static List<Sighting> byRole(NewThings things, Window window, Memory memory) {
        Map<List<EntityField>, List<PaneTally>> byEntity = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            byEntity.computeIfAbsent(entity(entry.cell()), unseen -> new ArrayList<>())
                    .add(entry);
        }
        List<Sighting> sightings = new ArrayList<>();
        byEntity.forEach((entity, all) -> AllowLists.accuse(
                        things.rule().id(), all, tallies -> things.condition(tallies, window, memory, entity))
                .ifPresent(sightings::add));
        return sightings;
    }

    private static List<EntityField> entity(Cell cell) {
        EntityField role = new EntityField("subnet", RoleRouter.role(cell));
        return cell.address() == null
                ? List.of(role)
                : List.of(new EntityField("endpoint", cell.address().toString()), role);
    }

    @Override
    public boolean learns() {
        return true;
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        ports.learn(pane, tallies, memory);
    }

    @Override
    public long forget(Memory memory, long time) {
        return ports.forget(memory, time);
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
