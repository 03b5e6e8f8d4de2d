package io.flowsentinel.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the findings of two runs differ, by finding id.
 *
 * @param same how many say the same
 * @param differences the others, in the order of their beginning
 */
record FindingsDiff(int same, List<Difference> differences) {

    /** What became of a finding. */
    enum Kind {
        NEW,
        GONE,
        CHANGED
    }

    /**
     * A number or word of a finding that another run has otherwise.
     *
     * @param field severity, status, count, suppressed_by, or {@code numbers.} and a name
     * @param before empty for none
     * @param after empty for none
     */
    record Change(String field, String before, String after) {}

    /**
     * One finding of which the runs do not say the same.
     *
     * @param kind new and gone as seen from the first run
     * @param finding as the second run has it; where it is gone, as the first one had it
     * @param changes of a changed one
     */
    record Difference(Kind kind, Finding finding, List<Change> changes) {}

    private static final Comparator<Difference> ORDER = Comparator.comparing(
                    (Difference one) -> one.finding().firstSeen())
            .thenComparing(one -> one.finding().rule())
            .thenComparing(one -> one.finding().id());

    static FindingsDiff of(Map<String, Finding> before, Map<String, Finding> after) {
        TreeSet<String> ids = new TreeSet<>(before.keySet());
        ids.addAll(after.keySet());
        List<Difference> differences = new ArrayList<>();
        int same = 0;
        for (String id : ids) {
            Finding first = before.get(id);
            Finding second = after.get(id);
            if (first == null) {
                differences.add(new Difference(Kind.NEW, second, List.of()));
            } else if (second == null) {
                differences.add(new Difference(Kind.GONE, first, List.of()));
            } else {
                List<Change> changes = changes(first, second);
                if (changes.isEmpty()) {
                    same++;
                } else {
                    differences.add(new Difference(Kind.CHANGED, second, changes));
                }
            }
        }
        differences.sort(ORDER);
        return new FindingsDiff(same, List.copyOf(differences));
    }

    /** How many findings are new, gone or changed. */
    long count(Kind kind) {
        return differences.stream().filter(one -> one.kind() == kind).count();
    }

    private static List<Change> changes(Finding before, Finding after) {
        List<Change> changes = new ArrayList<>();
        add(changes, "severity", before.severity(), after.severity());
        add(changes, "status", before.status(), after.status());
        add(changes, "count", Long.toString(before.count()), Long.toString(after.count()));
        add(changes, "suppressed_by", before.suppressedBy(), after.suppressedBy());
        SortedMap<String, String> numbers = new TreeMap<>(before.numbers());
        numbers.putAll(after.numbers());
        numbers.keySet()
                .forEach(name -> add(
                        changes,
                        "numbers." + name,
                        before.numbers().getOrDefault(name, ""),
                        after.numbers().getOrDefault(name, "")));
        return List.copyOf(changes);
    }

    private static void add(List<Change> changes, String field, String before, String after) {
        if (!before.equals(after)) {
            changes.add(new Change(field, before, after));
        }
    }
}
