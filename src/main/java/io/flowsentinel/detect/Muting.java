package io.flowsentinel.detect;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which findings say what another one says already: children are held back while their parent is open. */
final class Muting {

    private static final Set<String> SCAN_CHILDREN =
            Set.of("slow-scan", "reject-burst", "new-remote-port", "new-external-peer");

    private static final Map<String, Set<String>> CHILDREN = Map.of(
            "port-scan", SCAN_CHILDREN,
            "host-sweep", SCAN_CHILDREN,
            "mixed-scan", SCAN_CHILDREN,
            "syn-flood", Set.of("reject-burst", "reset-storm"),
            "outbound-dos", Set.of("outbound-volume", "syn-flood"),
            "strobe", Set.of("beacon"),
            "exposed-admin-service", Set.of("newly-allowed", "new-external-peer"),
            "spam-host", Set.of("new-remote-port"));

    /** Parents before their children: in this order findings of one moment are looked at. */
    private static final List<String> FIRST = List.of(
            "port-scan",
            "host-sweep",
            "mixed-scan",
            "outbound-dos",
            "syn-flood",
            "strobe",
            "exposed-admin-service",
            "spam-host");

    private Muting() {}

    /** Whether an open finding of the parent rule holds back a new one of the child rule that is about the same. */
    static boolean mutes(String parentRule, String childRule) {
        return CHILDREN.getOrDefault(parentRule, Set.of()).contains(childRule);
    }

    /** Whether findings of the rule can be held back. */
    static boolean isChild(String rule) {
        return CHILDREN.values().stream().anyMatch(children -> children.contains(rule));
    }

    /** Whether findings of the rule can hold back others. */
    static boolean isParent(String rule) {
        return CHILDREN.containsKey(rule);
    }

    /** Where a rule stands among those of one moment. */
    static int rank(String rule) {
        int place = FIRST.indexOf(rule);
        return place < 0 ? FIRST.size() : place;
    }
}
