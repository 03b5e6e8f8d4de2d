package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import io.flowsentinel.model.FlowRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The failed attempts of one originator that belong together, and whether they are too many. TCP and UDP are counted
 * apart against the same threshold. What an allow-list covers accuses nobody: only where it takes those attempts too to
 * reach the threshold does the sighting name the entry.
 */
final class Scan {

    static final String ANSWERED = "answered";

    /** Name of the text that says by which of the two thresholds an originator is judged, and those two. */
    static final String ORIGINATOR = "originator";

    private static final String EXTERNAL = "external";
    private static final String INTERNAL = "internal";

    private final RuleSettings rule;
    private final String counted;
    private final List<PaneTally> all = new ArrayList<>();
    private final Function<Cell, String> named;
    private final Set<Long> answered = new TreeSet<>();
    private final Set<String> names = new TreeSet<>();

    /**
     * Attempts under a rule.
     *
     * @param counted what the distinct cells are called, such as {@code ports}
     * @param named what one that answered is called
     */
    Scan(RuleSettings rule, String counted, Function<Cell, String> named) {
        this.rule = rule;
        this.counted = counted;
        this.named = named;
    }

    void add(PaneTally tally) {
        all.add(tally);
    }

    void answer(Cell cell) {
        answered.add(number(cell));
        names.add(named.apply(cell));
    }

    /** Whoever scans: the same in all attempts of a key. */
    Sample example() {
        return all.get(0).tally().first();
    }

    /** What there is to say when the threshold is reached. */
    Optional<Sighting> over(double threshold, String scope, List<EntityField> entity) {
        if (all.size() < threshold) {
            return Optional.empty();
        }
        List<PaneTally> accused = accused();
        if (most(accused) >= threshold) {
            return Optional.of(sighting(accused, threshold, scope, entity, null));
        }
        return most(all) >= threshold
                ? Optional.of(sighting(all, threshold, scope, entity, firstEntry()))
                : Optional.empty();
    }

    /** What there is to say regardless of the threshold; empty where an allow-list covers everything. */
    Optional<Sighting> regardless(double threshold, String scope, List<EntityField> entity) {
        List<PaneTally> accused = accused();
        return accused.isEmpty() ? Optional.empty() : Optional.of(sighting(accused, threshold, scope, entity, null));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    private List<PaneTally> accused() {
        return all.stream().filter(entry -> entryOf(entry) == null).toList();
    }

    private String firstEntry() {
        return all.stream()
                .map(this::entryOf)
                .filter(entry -> entry != null)
                .findFirst()
                .orElseThrow();
    }

    private String entryOf(PaneTally entry) {
        return entry.cell().allowedBy().get(rule.id());
    }

    private Sighting sighting(
            List<PaneTally> tallies, double threshold, String scope, List<EntityField> entity, String allowedBy) {
        boolean internal = example().internal();
        Severity external = answered.isEmpty() ? Severity.INFORMATIONAL : Severity.MEDIUM;
        return Sighting.of(rule, entity, tallies)
                .withinScope(scope)
                .severity(internal ? Severity.HIGH : external)
                .over(counted, threshold)
                .allowedBy(allowedBy)
                .distinct(counted, distinct(tallies, Scan::tcp))
                .distinct(Sighting.UDP + counted, distinct(tallies, cell -> !tcp(cell)))
                .distinct(ANSWERED, answered)
                .list(ANSWERED, names)
                .context(ORIGINATOR, whose(example()))
                .ties(List.of(Ties.originator(example())))
                .build();
    }

    /** Cells whose responder answered. */
    static List<Cell> answered(Window window) {
        List<Cell> answered = new ArrayList<>();
        window.facts().forEach((cell, bits) -> {
            if ((bits & ScanRouter.ANSWERED) != 0) {
                answered.add(cell);
            }
        });
        return answered;
    }

    static int most(List<PaneTally> tallies) {
        return Math.max(
                distinct(tallies, Scan::tcp).size(),
                distinct(tallies, cell -> !tcp(cell)).size());
    }

    static boolean tcp(Cell cell) {
        return cell.protocol() == FlowRecord.TCP;
    }

    static Set<Long> distinct(List<PaneTally> tallies, Predicate<Cell> which) {
        Set<Long> distinct = new HashSet<>();
        for (PaneTally entry : tallies) {
            if (which.test(entry.cell())) {
                distinct.add(number(entry.cell()));
            }
        }
        return distinct;
    }

    /** For distinct counts: of equal addresses in two scopes two. */
    private static long number(Cell cell) {
        long known = cell.fingerprint();
        return cell.side() == null ? known : Cell.mix(known ^ Seen.fingerprint(cell.side()));
    }

    /** Scope of an internal originator, for which a finding about it alone holds; null for an external one. */
    static String scopeOf(Sample originator) {
        return originator.internal() ? originator.scope() : null;
    }

    /** {@code external} or {@code internal}: what its threshold is called. */
    static String whose(Sample originator) {
        return originator.internal() ? INTERNAL : EXTERNAL;
    }

    /** {@code 31 ports}, {@code 40 UDP ports} or {@code 31 ports and 40 UDP ports}. */
    static String counted(Map<String, Long> numbers, String counted, String singular) {
        long tcp = numbers.get(counted);
        long udp = numbers.get(Sighting.UDP + counted);
        if (udp == 0) {
            return Wording.counted(tcp, singular);
        }
        String ofUdp = Wording.counted(udp, "UDP " + singular);
        return tcp == 0 ? ofUdp : Wording.counted(tcp, singular) + " and " + ofUdp;
    }
}
