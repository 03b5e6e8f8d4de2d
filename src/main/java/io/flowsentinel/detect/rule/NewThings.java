package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.AllowLists;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Ties;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.BaselineNeeded;
import io.flowsentinel.detect.settings.RuleSettings;
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
    private final BaselineNeeded needed;
    private final long span;
    private final Told told;
    private final double least;

    /**
     * A rule about new things.
     *
     * @param rule with the settings in force
     * @param needed before anything is new
     * @param span seconds a thing is remembered
     * @param least connections to a thing for it to be told
     * @param told how it is told
     */
    NewThings(RuleSettings rule, BaselineNeeded needed, long span, double least, Told told) {
        this.rule = rule;
        this.needed = needed;
        this.span = span;
        this.told = told;
        this.least = least;
    }

    /**
     * How new things are told.
     *
     * @param name of their number, and of the text that lists them
     * @param singular what one is called
     * @param parameter what is looked at, for the alert's anomaly
     * @param who key field of the one who does it
     * @param title with places for who it is, how many things they are, and how many connections
     */
    record Told(String name, String singular, String parameter, String who, String title) {}

    /** What a cell is about, in words; null for a cell that is about nothing. */
    abstract String thing(Cell cell);

    /** The key fields of the one who does it. */
    abstract List<EntityField> entity(PaneTally counted);

    /** Further texts of the alert, by name. */
    Map<String, String> context(PaneTally counted) {
        return Map.of();
    }

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
                        || Seen.since(memory, told.name() + " " + entry.getKey(), window.end() - span));
        if (byThing.isEmpty()) {
            return null;
        }
        List<PaneTally> contributing = new ArrayList<>();
        byThing.values().forEach(contributing::addAll);
        contributing.sort(Window.IN_ORDER);
        Anomaly anomaly =
                new Anomaly(told.parameter(), told.name(), "not in the " + span / Detector.DAY + " days before");
        Sighting.Builder sighting = Sighting.of(rule, entity, contributing)
                .scope(contributing.get(0).tally().first().scope())
                .severity(Severity.MEDIUM)
                .over(Sighting.CONNECTIONS, least)
                .distinct(told.name(), Seen.fingerprints(byThing.keySet()))
                .list(told.name(), byThing.keySet())
                .anomaly(anomaly, Baseline.since(memory))
                .ties(Ties.common(contributing));
        context(contributing.get(0)).forEach(sighting::context);
        return sighting;
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
                Seen.note(memory, told.name() + " " + about, pane);
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

    @Override
    public final Wording wording() {
        return (fields, numbers) -> told.title()
                .formatted(
                        fields.get(told.who()),
                        Wording.counted(numbers.get(told.name()), told.singular()) + Wording.named(fields, told.name()),
                        Wording.counted(numbers.get(Sighting.CONNECTIONS), "connection"));
    }
}
