package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The failed attempts of one originator, apart by what the entity of a rule names beside the originator: the responder
 * whose ports are counted, or the port whose responders are.
 *
 * @param <K> what they are told apart by; its text is the value in the entity
 */
final class ScansByKey<K> {

    private final RuleSettings rule;
    private final String field;
    private final Function<Cell, K> keyOf;
    private final Function<K, String> scopeOf;
    private final Supplier<Scan> newScan;
    private final Map<K, Scan> scans = new LinkedHashMap<>();

    /**
     * None yet.
     *
     * @param field name of the key in the entity
     * @param keyOf a cell's key
     * @param scopeOf the scope of a key as an external originator tries it; null where it has none
     * @param newScan makes what a key's attempts are collected in
     */
    ScansByKey(
            RuleSettings rule,
            String field,
            Function<Cell, K> keyOf,
            Function<K, String> scopeOf,
            Supplier<Scan> newScan) {
        this.rule = rule;
        this.field = field;
        this.keyOf = keyOf;
        this.scopeOf = scopeOf;
        this.newScan = newScan;
    }

    void add(PaneTally failed) {
        scans.computeIfAbsent(keyOf.apply(failed.cell()), unseen -> newScan.get())
                .add(failed);
    }

    /** Notes what answered the originator, where it has failed under the same key too. */
    void answered(List<Cell> cells) {
        for (Cell cell : cells) {
            Scan scan = scans.get(keyOf.apply(cell));
            if (scan != null) {
                scan.answer(cell);
            }
        }
    }

    /** One sighting for each key with too many; the thresholds are those for external and internal originators. */
    List<Sighting> tooMany() {
        List<Sighting> sightings = new ArrayList<>();
        scans.forEach((key, scan) -> {
            Sample example = scan.example();
            List<EntityField> entity = List.of(
                    new EntityField("originator", example.originator().address().toString()),
                    new EntityField(field, key.toString()));
            String scope = example.internal() ? example.scope() : scopeOf.apply(key);
            scan.over(rule.threshold(Scan.whose(example)), scope, entity).ifPresent(sightings::add);
        });
        return sightings;
    }
}
