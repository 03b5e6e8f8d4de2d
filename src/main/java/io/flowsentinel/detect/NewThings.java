package io.flowsentinel.detect;

import io.flowsentinel.detect.Sighting.PaneTally;
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

/**
 * What rules about things a subject has not done before have in common: a thing is new as long as no pane has it that the
 * window does not reach, for so many days; and nothing is, before the subject is known for long enough. All new things of
 * one subject are one finding that lists them.
 */
abstract class NewThings implements Detector {

    private final RuleSettings rule;
    private final Baseline.Needed needed;
    private final long span;
    private final String name;
    private final String parameter;
    private final double least;

    /**
     * A rule about new things.
     *
     * @param rule with the settings in force
     * @param needed before anything is new
     * @param span seconds a thing is remembered
     * @param name of the number of new things, and of the text that lists them
     * @param parameter what is looked at, for the alert's anomaly
     * @param least connections to a thing for it to be told
     */
    NewThings(RuleSettings rule, Baseline.Needed needed, long span, String name, String parameter, double least) {
        this.rule = rule;
        this.needed = needed;
        this.span = span;
        this.name = name;
        this.parameter = parameter;
        this.least = least;
    }

    /** What a cell is about, in words; null for a cell that is about nothing. */
    abstract String thing(Cell cell);

    /** The key fields of the one who does it. */
    abstract List<EntityField> entity(PaneTally counted);

    @Override
    public final RuleSettings rule() {
        return rule;
    }

    @Override
    public final double least() {
        return least;
    }

    @Override
    public final List<Sighting> judge(Window window, Memory memory) {
        Map<List<EntityField>, List<PaneTally>> byEntity = new LinkedHashMap<>();
        for (PaneTally entry : window.tallies()) {
            if (thing(entry.cell()) != null) {
                byEntity.computeIfAbsent(entity(entry), unseen -> new ArrayList<>())
                        .add(entry);
            }
        }
        List<Sighting> sightings = new ArrayList<>();
        byEntity.forEach((entity, all) -> AllowLists.accuse(
                        rule.id(), all, tallies -> condition(tallies, window, memory, entity))
                .ifPresent(sightings::add));
        return sightings;
    }

    /** The finding about what is new among these; null where nothing is. */
    private Sighting.Builder condition(
            List<PaneTally> tallies, Window window, Memory memory, List<EntityField> entity) {
        if (!Baseline.reached(memory, needed, window.end(), span)) {
            return null;
        }
        TreeMap<String, List<PaneTally>> byThing = new TreeMap<>();
        for (PaneTally entry : tallies) {
            byThing.computeIfAbsent(thing(entry.cell()), unseen -> new ArrayList<>())
                    .add(entry);
        }
        byThing.entrySet()
                .removeIf(entry -> count(entry.getValue()) < least
                        || Seen.since(memory, name + " " + entry.getKey(), window.end() - span));
        if (byThing.isEmpty()) {
            return null;
        }
        List<PaneTally> contributing = new ArrayList<>();
        byThing.values().forEach(contributing::addAll);
        contributing.sort(Window.IN_ORDER);
        String listed = Wording.listed(byThing.keySet());
        Anomaly anomaly = new Anomaly(parameter, listed, "not in the " + span / Episode.DAY + " days before");
        return Sighting.of(rule, entity, contributing)
                .scope(contributing.get(0).tally().first().scope())
                .severity(Severity.MEDIUM)
                .over(Sighting.CONNECTIONS, least)
                .distinct(name, fingerprints(byThing))
                .context(name, listed)
                .anomaly(anomaly, Baseline.since(memory))
                .ties(Ties.common(contributing));
    }

    @Override
    public final boolean learns() {
        return true;
    }

    /** Learns what a pane was about, and that the subject was there. */
    @Override
    public final void learn(long pane, List<PaneTally> tallies, Memory memory) {
        if (tallies.isEmpty()) {
            return;
        }
        Baseline.note(memory, pane, span);
        Seen.note(memory, Attendance.THING, pane);
        Set<String> noted = new HashSet<>();
        for (PaneTally entry : tallies) {
            String about = thing(entry.cell());
            if (about != null && noted.add(about)) {
                Seen.note(memory, name + " " + about, pane);
            }
        }
    }

    @Override
    public final long forget(Memory memory, long time) {
        return Seen.forgetBefore(memory, time - span, time);
    }

    private static long count(List<PaneTally> tallies) {
        return tallies.stream().mapToLong(entry -> entry.tally().count()).sum();
    }

    private static Set<Long> fingerprints(Map<String, List<PaneTally>> byThing) {
        Set<Long> fingerprints = new HashSet<>();
        byThing.keySet().forEach(thing -> fingerprints.add(Seen.fingerprint(thing)));
        return fingerprints;
    }
}
