package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Notable;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Anomaly;
import io.flowsentinel.model.Alert.EntityField;
import io.flowsentinel.model.Alert.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of one finding while it is open: its totals over all windows in which the condition held, and which
 * alerts are still due. Times are seconds, panes are named by their start.
 */
final class Episode {

    /** Distinct things an episode tells apart; beyond it a number means "at least". */
    static final int MAX_DISTINCT = 300_000;

    /** The same of one that another finding of its subject stands for: there may be thousands of them. */
    static final int MAX_DISTINCT_BRIEF = 1_000;

    static final long DAY = 86_400;
    private static final long SIX_HOURS = 21_600;
    private static final long LAST_MULTIPLE = 1_000;

    final String findingId;
    final String ruleId;
    final String scope;
    final List<EntityField> entity;
    final String suppressedBy;
    /** Start of the UTC day, or {@link Sighting#ANY_DAY}. */
    final long day;

    Severity severity = Severity.INFORMATIONAL;
    double threshold;
    long lastHeld;
    long countedThrough = Long.MIN_VALUE;
    /** Name of the number that is held against the threshold. */
    String measure = Sighting.CONNECTIONS;

    long connections;

    /** Single records, where those count. */
    long records;

    long packets;
    long bytes;
    long firstSeen = Long.MAX_VALUE;
    long lastSeen = Long.MIN_VALUE;
    boolean coverageGap;

    /** Whether something contributes that ports and packets alone tell of. */
    boolean guessed;

    long nextMultiple = 10;
    long nextReminder;
    TreeMap<String, Set<Long>> distinct = new TreeMap<>();
    TreeMap<String, Long> peaks = new TreeMap<>();
    /** Of the last window in which what the rule measures was highest; null where the rule learns nothing. */
    Anomaly anomaly;

    long baselineSince = Sighting.ANY_DAY;
    TreeMap<String, String> context = new TreeMap<>();

    /** The first names of what is counted, by the name of the number. */
    TreeMap<String, TreeSet<String>> listed = new TreeMap<>();

    /** Connections by kind. */
    TreeMap<String, Long> sums = new TreeMap<>();

    /** Null where nothing stands out. */
    Notable notable;

    List<Sample> evidence = new ArrayList<>();
    /** Whether contributing connections are still collected. */
    boolean collecting = true;

    /** How many distinct things of a kind are told apart. */
    int most = MAX_DISTINCT;

    Episode(String findingId, String ruleId, String scope, List<EntityField> entity, String suppressedBy, long day) {
        this.findingId = findingId;
        this.ruleId = ruleId;
        this.scope = scope;
        this.entity = entity;
        this.suppressedBy = suppressedBy;
        this.day = day;
    }

    /** The episode that begins where the condition holds for the first time. */
    static Episode begin(Sighting sighting, long pane, Panes panes, String suppressedBy) {
        long firstPane = sighting.day() == Sighting.ANY_DAY ? pane : sighting.day();
        String id = FindingId.of(
                sighting.rule().id(),
                sighting.rule().rule().version(),
                sighting.scope(),
                sighting.entityText(),
                firstPane);
        Episode episode = new Episode(
                id, sighting.rule().id(), sighting.scope(), sighting.entity(), suppressedBy, sighting.day());
        episode.nextReminder = panes.endOf(pane) + SIX_HOURS;
        episode.hold(sighting, pane);
        episode.passMultiples();
        return episode;
    }

    /** Takes in a window in which the condition holds; whether there is more in it than was counted before. */
    boolean hold(Sighting sighting, long pane) {
        long before = connections + records;
        for (PaneTally entry : sighting.tallies()) {
            if (entry.pane() > countedThrough) {
                count(entry.tally());
                if (sighting.kinds() != null) {
                    sums.merge(
                            sighting.kinds().apply(entry.cell()), entry.tally().count(), Long::sum);
                }
            }
        }
        if (collecting) {
            sighting.distinct().forEach(this::merge);
            sighting.listed()
                    .forEach((name, names) ->
                            Listing.add(listed.computeIfAbsent(name, unseen -> new TreeSet<>(Listing.NATURAL)), names));
            notable = Notable.of(notable, sighting.notable());
        } else {
            // Nobody asks which: how many at once is enough.
            sighting.distinct().forEach((name, values) -> peaks.merge(name, (long) values.size(), Math::max));
        }
        tell(sighting.context(), sighting.severity().compareTo(severity) >= 0);
        severity = sighting.severity().compareTo(severity) > 0 ? sighting.severity() : severity;
        sighting.peaks().forEach((name, value) -> peaks.merge(name, value, Math::max));
        threshold = sighting.threshold();
        measure = sighting.measure();
        if (!hasBeenHigher(sighting)) {
            anomaly = sighting.anomaly();
        }
        baselineSince = sighting.baselineSince();
        lastHeld = pane;
        countedThrough = pane;
        return connections + records > before;
    }

    /** Whether what the rule measures was higher in a window taken in before, where windows are compared by one number. */
    private boolean hasBeenHigher(Sighting sighting) {
        Long measured = sighting.peaks().get(sighting.measure());
        return measured != null && peaks.get(sighting.measure()) > measured;
    }

    /** Whether the count has reached another multiple of the threshold since this was last asked. */
    boolean passMultiples() {
        boolean passed = false;
        while (nextMultiple <= LAST_MULTIPLE && count() >= nextMultiple * threshold) {
            nextMultiple *= 10;
            passed = true;
        }
        return passed;
    }

    /** Whether six hours are over since the Create, or since this was last true. */
    boolean passReminder(long time) {
        boolean passed = time >= nextReminder;
        while (time >= nextReminder) {
            nextReminder += SIX_HOURS;
        }
        return passed;
    }

    /** When the episode is over unless the condition holds again. */
    long closesAt(Panes panes, long silence) {
        return day == Sighting.ANY_DAY ? panes.endOf(lastHeld) + silence : day + DAY;
    }

    /** Tells fewer things apart from now on. */
    void stayBrief() {
        most = MAX_DISTINCT_BRIEF;
    }

    /** Gives up what takes room and is not shown again. */
    void forgetEvidence() {
        evidence = List.of();
        listed.clear();
        notable = null;
        distinct.forEach((name, values) -> peaks.merge(name, (long) values.size(), Math::max));
        distinct.clear();
        collecting = false;
    }

    /** Takes in what came after the close of a day; true where it makes the finding more severe. */
    boolean worsens(Sighting sighting, long pane) {
        if (sighting.severity().compareTo(severity) <= 0 && !collecting) {
            return false;
        }
        Severity before = severity;
        hold(sighting, pane);
        return severity.compareTo(before) > 0;
    }

    /** Gives up what is not needed of a closed finding that cannot become more severe. */
    void settle() {
        if (severity == Severity.HIGH) {
            forgetEvidence();
            distinct.clear();
        }
    }

    /** The connections to show: the first ones, and what stands out. */
    List<Sample> shown() {
        if (notable == null || evidence.contains(notable.sample())) {
            return evidence;
        }
        List<Sample> shown = new ArrayList<>(evidence.subList(0, Math.min(Alert.MAX_EVIDENCE - 1, evidence.size())));
        shown.add(notable.sample());
        shown.sort(Sample.BY_START);
        return shown;
    }

    /** Whether one of its numbers means "at least", or did where it began with more. */
    boolean capped() {
        return distinct.values().stream().anyMatch(values -> values.size() >= most);
    }

    boolean suppressed() {
        return suppressedBy != null;
    }

    /** Every named number of the episode, by name. */
    Map<String, Long> numbers() {
        TreeMap<String, Long> numbers = new TreeMap<>();
        distinct.forEach((name, values) -> numbers.put(name, (long) values.size()));
        numbers.putAll(peaks);
        numbers.putAll(sums);
        if (packets > 0 || bytes > 0) {
            numbers.put("packets", packets);
            numbers.put("bytes", bytes);
        }
        if (records > 0) {
            numbers.put(Sighting.RECORDS, records);
        }
        if (connections > 0 || records == 0) {
            numbers.putIfAbsent(Sighting.CONNECTIONS, connections);
        }
        return numbers;
    }

    /** Connections that contribute, or single records, or both: each counts one. */
    long contributions() {
        return numbers().getOrDefault(Sighting.CONNECTIONS, 0L) + records;
    }

    Episode copy() {
        Episode copy = new Episode(findingId, ruleId, scope, entity, suppressedBy, day);
        copy.severity = severity;
        copy.threshold = threshold;
        copy.lastHeld = lastHeld;
        copy.countedThrough = countedThrough;
        copy.measure = measure;
        copy.connections = connections;
        copy.records = records;
        copy.packets = packets;
        copy.bytes = bytes;
        copy.firstSeen = firstSeen;
        copy.lastSeen = lastSeen;
        copy.coverageGap = coverageGap;
        copy.guessed = guessed;
        copy.nextMultiple = nextMultiple;
        copy.nextReminder = nextReminder;
        distinct.forEach((name, values) -> copy.distinct.put(name, new HashSet<>(values)));
        copy.peaks.putAll(peaks);
        copy.anomaly = anomaly;
        copy.baselineSince = baselineSince;
        copy.context.putAll(context);
        listed.forEach((name, names) -> copy.listed.put(name, new TreeSet<>(names)));
        copy.sums.putAll(sums);
        copy.notable = notable;
        copy.evidence = new ArrayList<>(evidence);
        copy.collecting = collecting;
        copy.most = most;
        return copy;
    }

    /** What is held against the threshold; TCP and UDP are counted apart, the larger counts. */
    private long count() {
        Map<String, Long> numbers = numbers();
        long measured = numbers.getOrDefault(measure, connections + records);
        return Math.max(measured, numbers.getOrDefault(Sighting.UDP + measure, 0L));
    }

    private void count(Tally tally) {
        if (!tally.first().ofConnection()) {
            records += tally.count();
        } else {
            connections += tally.count();
        }
        packets += tally.packets();
        bytes += tally.bytes();
        firstSeen = Math.min(firstSeen, tally.first().start());
        lastSeen = Math.max(lastSeen, tally.lastStart());
        coverageGap |= tally.coverageGap();
        guessed |= tally.firsts().stream().anyMatch(Sample::guessed);
        if (!collecting) {
            return;
        }
        if (evidence.size() < Alert.MAX_EVIDENCE
                || tally.first().start() <= evidence.get(evidence.size() - 1).start()) {
            // A connection that lives long, and a record over several panes, is told of several times: the last time
            // most.
            Map<Object, Sample> told = new LinkedHashMap<>();
            evidence.forEach(sample -> told.put(identity(sample), sample));
            tally.firsts().forEach(sample -> told.merge(identity(sample), sample, Episode::later));
            evidence = new ArrayList<>(told.values());
            evidence.sort(Sample.BY_START);
            evidence = new ArrayList<>(evidence.subList(0, Math.min(Alert.MAX_EVIDENCE, evidence.size())));
            evidence.replaceAll(Sample::alone);
        }
    }

    /** Of two tellings the one that knows more; of one end and amount the one that came last. */
    private static Sample later(Sample one, Sample other) {
        if (one.end() != other.end()) {
            return other.end() > one.end() ? other : one;
        }
        return packets(other) >= packets(one) ? other : one;
    }

    private static long packets(Sample sample) {
        return sample.hasEndpoints()
                ? sample.originatorParty().packets() + sample.responderParty().packets()
                : 0;
    }

    private static Object identity(Sample sample) {
        return sample.ofConnection() ? sample.connectionId() : sample;
    }

    /** Texts are those of the most severe sighting, as the severity is. */
    private void tell(Map<String, String> texts, boolean asSevere) {
        texts.forEach((name, text) -> context.merge(name, text, (known, told) -> asSevere ? told : known));
    }

    private void merge(String name, Set<Long> values) {
        Set<Long> known = distinct.computeIfAbsent(name, unseen -> new HashSet<>());
        if (known.size() + values.size() <= most) {
            known.addAll(values);
            return;
        }
        for (Long value : new TreeSet<>(values)) {
            if (known.size() < most) {
                known.add(value);
            }
        }
    }
}
