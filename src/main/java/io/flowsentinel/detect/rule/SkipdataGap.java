package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.CoverageRouter;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Subject;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.CoverageRecord.Status;
import io.flowsentinel.model.Observer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * AWS lost records of an interface several times in a row (SKIPDATA): whatever happened there meanwhile, no other rule
 * saw it. One gap or two are AWS's daily business, the same gap told by several flow logs is one, and an interface
 * without traffic (NODATA) lost nothing.
 *
 * <p>There is no connection to allow, so allow-lists mean nothing to this rule.
 */
final class SkipdataGap implements Detector {

    static final String ID = "skipdata-gap";

    static final Family FAMILY = Family.ofMinutes(25)
            .rule(ID, rules -> new SkipdataGap(rules.rule(ID)))
            .coverage(Routing::new);

    private static final String GAPS = "gaps";

    /** An interval takes at most ten minutes and the seconds by which it may be off: far below 2 to this. */
    private static final int LENGTH_BITS = 16;

    private final RuleSettings rule;

    SkipdataGap(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public RuleSettings rule() {
        return rule;
    }

    @Override
    public double least() {
        return rule.threshold(GAPS);
    }

    @Override
    public List<Sighting> judge(Window window, Memory memory) {
        Set<Long> gaps = new TreeSet<>();
        for (PaneTally entry : window.tallies()) {
            gaps.add(Long.valueOf(entry.cell().side()));
        }
        if (gaps.size() < rule.threshold(GAPS)) {
            return List.of();
        }
        Sample example = window.tallies().get(0).tally().first();
        List<EntityField> entity = List.of(new EntityField("interface", example.interfaceId()));
        return List.of(Sighting.of(rule, entity, window.tallies())
                .scope(example.scope())
                .severity(Severity.LOW)
                .distinct(GAPS, gaps)
                .over(GAPS, rule.threshold(GAPS))
                .build());
    }

    @Override
    public Wording wording() {
        return (entity, numbers) ->
                "Records lost: %s in %s".formatted(entity.get("interface"), Wording.counted(numbers.get(GAPS), "gap"));
    }

    /** SKIPDATA lines by interface; those of one stretch of time are one. */
    static final class Routing implements CoverageRouter {

        @Override
        public void route(CoverageRecord coverage, Marks marks) {
            String scope = coverage.observer().scope();
            String interfaceId = coverage.observer().interfaceId();
            if (coverage.status() != Status.SKIPDATA || interfaceId.equals(Observer.NO_INTERFACE)) {
                return;
            }
            long gap = coverage.start() << LENGTH_BITS | coverage.end() - coverage.start() & (1 << LENGTH_BITS) - 1;
            Cell cell = new Cell(null, 0, 0, String.valueOf(gap), Map.of());
            Sample sample = Sample.ofInterface(scope, interfaceId, coverage.start(), List.of(coverage.ref()));
            marks.add(Subject.of(FAMILY.space(), scope, interfaceId), cell, coverage, Tally.of(sample, true));
        }
    }
}
