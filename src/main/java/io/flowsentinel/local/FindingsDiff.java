package io.flowsentinel.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.annotation.Nullable;

/**
 * How the findings of two runs differ, by finding id. An id is made of the moment at which the finding was alerted: other
 * thresholds move that, and the same doing has another id. So what has no counterpart by id gets one by rule and entity,
 * where the two overlap in time.
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
     * @param field severity, status, alerted, count, suppressed_by, or {@code numbers.} and a name
     * @param before empty for none
     * @param after empty for none
     */
    record Change(String field, String before, String after) {}

    /**
     * One finding of which the runs do not say the same.
     *
     * @param kind new and gone as seen from the first run
     * @param finding as the second run has it; where it is gone, as the first one had it
     * @param formerId its id in the first run; null where it was not in it
     * @param changes of a changed one
     */
    record Difference(Kind kind, Finding finding, @Nullable String formerId, List<Change> changes) {}

    private static final Comparator<Difference> ORDER = Comparator.comparing(
                    (Difference one) -> one.finding().firstSeen())
            .thenComparing(one -> one.finding().rule())
            .thenComparing(one -> one.finding().id());

    static FindingsDiff of(Map<String, Finding> before, Map<String, Finding> after) {
        List<Difference> differences = new ArrayList<>();
        List<Finding> gone = alone(before, after);
        List<Finding> added = alone(after, before);
        int same = 0;
        for (Finding first : before.values()) {
            Finding second = after.get(first.id());
            if (second == null) {
                continue;
            }
            List<Change> changes = changes(first, second);
            if (changes.isEmpty()) {
                same++;
            } else {
                differences.add(new Difference(Kind.CHANGED, second, first.id(), changes));
            }
        }
        for (Finding first : gone) {
            Optional<Finding> moved = added.stream().filter(first::isAbout).findFirst();
            if (moved.isPresent()) {
                added.remove(moved.get());
                differences.add(
                        new Difference(Kind.CHANGED, moved.get(), first.id(), changesOfMoved(first, moved.get())));
            } else {
                differences.add(new Difference(Kind.GONE, first, first.id(), List.of()));
            }
        }
        added.forEach(second -> differences.add(new Difference(Kind.NEW, second, null, List.of())));
        differences.sort(ORDER);
        return new FindingsDiff(same, List.copyOf(differences));
    }

    /** Those whose id the other run does not know, the earliest first. */
    private static List<Finding> alone(Map<String, Finding> findings, Map<String, Finding> others) {
        List<Finding> alone = new ArrayList<>(findings.values());
        alone.removeIf(finding -> others.containsKey(finding.id()));
        alone.sort(Comparator.comparing(Finding::firstSeen).thenComparing(Finding::id));
        return alone;
    }

    /** How many findings are new, gone or changed. */
    long count(Kind kind) {
        return differences.stream().filter(one -> one.kind() == kind).count();
    }

    /** One id would have one moment; here it is what makes two of them. */
    private static List<Change> changesOfMoved(Finding before, Finding after) {
        List<Change> changes = new ArrayList<>(changes(before, after));
        add(changes, "alerted", before.alerted().toString(), after.alerted().toString());
        return List.copyOf(changes);
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
