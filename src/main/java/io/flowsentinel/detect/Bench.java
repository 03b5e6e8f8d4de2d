package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.rule.Catalogue;
import io.flowsentinel.detect.settings.Rules;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The judges of all families under one version of the rules. */
final class Bench {

    /** By code: asked for with everything that is counted. */
    private final Watch[] watches;

    private final Map<Family, List<Family>> listeners = new HashMap<>();

    /** @param afterMillis epoch milliseconds of event time up to which others judge; {@link Long#MIN_VALUE} for none */
    Bench(Rules rules, Duration aggregationInterval, long afterMillis) {
        int codes = 1 + Catalogue.FAMILIES.stream().mapToInt(Family::code).max().orElse(0);
        watches = new Watch[codes];
        for (Family family : Catalogue.FAMILIES) {
            watches[family.code()] = new Watch(family, rules, aggregationInterval, afterMillis);
            listeners.put(family, Watch.listeners(family, rules));
        }
    }

    Watch watch(Family family) {
        return watches[family.code()];
    }

    /** The families that are on and hear what live findings of this one count. */
    List<Family> listeners(Family family) {
        return listeners.get(family);
    }
}
