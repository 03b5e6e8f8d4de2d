package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Endpoint;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One originator failed to connect to many ports of many responders, or scans in several ways at once. What a live port
 * scan or sweep of the same window already accounts for does not count towards the own threshold: else a plain port scan
 * of one host would be two findings. One in dry-run or on an allow-list accounts for nothing, as nobody sees it.
 */
final class MixedScan {

    static final String ID = "mixed-scan";
    private static final String PAIRS = "pairs";

    private final RuleSettings rule;

    MixedScan(RuleSettings rule) {
        this.rule = rule;
    }

    RuleSettings rule() {
        return rule;
    }

    double least() {
        return rule.threshold(PAIRS);
    }

    /**
     * The condition of its own, over what none of the other sightings accounts for.
     *
     * @param others live ones that no allow-list covers
     */
    Optional<Sighting> judge(Window window, List<Sighting> others) {
        Set<Cell> accounted = new HashSet<>();
        for (Sighting other : others) {
            other.tallies().forEach(entry -> accounted.add(entry.cell()));
        }
        Scan rest = scan();
        for (PaneTally entry : window.tallies()) {
            if (!accounted.contains(entry.cell())) {
                rest.add(entry);
            }
        }
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        Optional<Sighting> over = rest.over(least(), Scan.scopeOf(rest.example()), entity(rest.example()));
        return over.flatMap(found -> found.allowedBy() == null ? whole(window) : Optional.of(found));
    }

    /** All attempts of the originator, whether or not they reach the threshold; empty where none may be held against it. */
    Optional<Sighting> whole(Window window) {
        Scan scan = scan();
        window.tallies().forEach(scan::add);
        Scan.answered(window).forEach(scan::answer);
        return scan.isEmpty()
                ? Optional.empty()
                : scan.regardless(least(), Scan.scopeOf(scan.example()), entity(scan.example()));
    }

    private Scan scan() {
        return new Scan(rule, PAIRS, cell -> new Endpoint(cell.address(), cell.port()).toString());
    }

    private static List<EntityField> entity(Sample example) {
        return List.of(
                new EntityField("originator", example.originator().address().toString()));
    }

    static String title(Map<String, String> entity, Map<String, Long> numbers) {
        return "Scan: %s failed on %s, %d answered%s"
                .formatted(
                        entity.get("originator"),
                        Scan.counted(numbers, PAIRS, "host and port pair"),
                        numbers.get(Scan.ANSWERED),
                        Wording.named(entity, Scan.ANSWERED));
    }
}
