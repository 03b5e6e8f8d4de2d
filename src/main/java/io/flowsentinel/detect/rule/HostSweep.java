package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import java.util.List;

/** One originator failed to connect to the same port of many responders. */
final class HostSweep implements Detector {

    static final String ID = "host-sweep";
    private static final String RESPONDERS = "responders";

    private final RuleSettings rule;

    HostSweep(RuleSettings rule) {
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
        ScansByKey<Integer> byPort = new ScansByKey<>(
                rule,
                "port",
                Cell::port,
                anywhere -> null,
                () -> new Scan(rule, RESPONDERS, cell -> cell.address().toString()));
        window.tallies().forEach(byPort::add);
        byPort.answered(Scan.answered(window));
        return byPort.tooMany();
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Host sweep: %s failed on port %s of %s, %d answered%s"
                .formatted(
                        entity.get("originator"),
                        entity.get("port"),
                        Scan.counted(numbers, RESPONDERS, "host"),
                        numbers.get(Scan.ANSWERED),
                        Wording.named(entity, Scan.ANSWERED));
    }
}
