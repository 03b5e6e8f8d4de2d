package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        Map<Integer, Scan> byPort = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            byPort.computeIfAbsent(
                            entry.cell().port(),
                            unseen -> new Scan(
                                    rule, RESPONDERS, cell -> cell.address().toString()))
                    .add(entry);
        }
        for (Cell cell : Scan.answered(window)) {
            Scan scan = byPort.get(cell.port());
            if (scan != null) {
                scan.answer(cell);
            }
        }
        List<Sighting> sightings = new ArrayList<>();
        byPort.forEach((port, scan) -> {
            Sample example = scan.example();
            double threshold = rule.threshold(example.internal() ? "internal" : "external");
            List<EntityField> entity = List.of(
                    new EntityField("originator", example.originator().address().toString()),
                    new EntityField("port", port.toString()));
            scan.over(threshold, entity).ifPresent(sightings::add);
        });
        return sightings;
    }

    @Override
    public Wording wording() {
        return (entity, numbers) -> "Host sweep: %s tried port %s of %s, %d answered%s"
                .formatted(
                        entity.get("originator"),
                        entity.get("port"),
                        Scan.tried(numbers, RESPONDERS, "host"),
                        numbers.get(Scan.ANSWERED),
                        Wording.named(entity, Scan.ANSWERED));
    }
}
