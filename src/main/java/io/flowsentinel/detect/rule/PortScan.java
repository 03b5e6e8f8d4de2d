package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.IpAddress;
import java.util.List;

/**
 * One originator failed to connect to many ports of one responder. A port counts once, and not at all when the same
 * originator completed a connection to it in the window: that is a service with a bad moment.
 */
final class PortScan implements Detector {

    static final String ID = "port-scan";
    private static final String PORTS = "ports";

    private final RuleSettings rule;

    PortScan(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return Math.min(rule.threshold("external"), rule.threshold("internal"));
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        ScansByKey<Host> byResponder = new ScansByKey<>(
                rule,
                "responder",
                Host::of,
                Host::scope,
                () -> new Scan(rule, PORTS, cell -> String.valueOf(cell.port())));
        for (PaneTally entry : window.tallies()) {
            if (!window.knows(entry.cell(), ScanRouter.COMPLETED)) {
                byResponder.add(entry);
            }
        }
        byResponder.answered(Scan.answered(window));
        return byResponder.tooMany();
    }

    /**
     * Whose ports are tried.
     *
     * @param scope null for an external responder, and for an internal originator, which has its own
     */
    private record Host(IpAddress address, String scope) {

        static Host of(Cell cell) {
            return new Host(cell.address(), cell.side());
        }

        /** As the entity has it. */
        @Override
        public String toString() {
            return address.toString();
        }
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Port scan: %s failed on %s of %s, %d answered%s"
                .formatted(
                        entity.get("originator"),
                        Scan.counted(numbers, PORTS, "port"),
                        entity.get("responder"),
                        numbers.get(Scan.ANSWERED),
                        Wording.named(entity, Scan.ANSWERED));
    }
}
