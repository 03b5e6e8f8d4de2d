package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.settings.RuleSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rules that know nothing of each other. */
public final class PlainCourt implements Court {

    private final List<Detector> speaking;
    private final Detector[] all;
    private final Map<String, Detector> byId;
    private final boolean learns;
    private final boolean remembers;
    private final double least;
    private final boolean speaksOnlyOfWhatCounts;

    /** @param detectors one for each rule of the family, on or off */
    public PlainCourt(List<Detector> detectors) {
        this.speaking =
                detectors.stream().filter(detector -> detector.rule().on()).toList();
        this.byId = detectors.stream()
                .collect(Collectors.toMap(
                        detector -> detector.rule().id(), one -> one, (one, other) -> one, TreeMap::new));
        this.all = byId.values().toArray(Detector[]::new);
        this.least = speaking.stream().mapToDouble(Detector::least).min().orElse(Double.MAX_VALUE);
        // Rules that are off learn, and what they learn from is not to be put off either.
        this.speaksOnlyOfWhatCounts = byId.values().stream().allMatch(Detector::speaksOnlyOfWhatCounts);
        this.remembers = byId.values().stream().anyMatch(Detector::remembers);
        this.learns = byId.values().stream().anyMatch(Detector::learns);
    }

    @Override
    public double least() {
        return least;
    }

    @Override
    public boolean tooFew(long weight, boolean remembers) {
        for (Detector detector : speaking) {
            if (!detector.tooFew(weight, remembers)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean speaksOnlyOfWhatCounts() {
        return speaksOnlyOfWhatCounts;
    }

    @Override
    public Detector onlyGlancing() {
        return speaking.size() == 1 && speaking.get(0).glance() != null ? speaking.get(0) : null;
    }

    @Override
    public boolean quiet(long weight) {
        for (Detector detector : all) {
            if (detector.teaches(weight)) {
                return false;
            }
        }
        return tooFew(weight, false);
    }

    @Override
    public Duration longest() {
        return speaking.stream()
                .map(detector -> detector.rule().window())
                .filter(window -> window != null)
                .max(Duration::compareTo)
                .orElse(null);
    }

    @Override
    public List<Sighting> judge(OpenFindings findings, Function<RuleSettings, Window> windows, Memory memory) {
        List<Sighting> sightings = new ArrayList<>();
        for (Detector detector : speaking) {
            sightings.addAll(detector.judge(windows.apply(detector.rule()), memory));
        }
        return sightings;
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        byId.values().forEach(detector -> detector.learn(pane, tallies, memory));
    }

    @Override
    public boolean remembers() {
        return remembers;
    }

    @Override
    public boolean learns() {
        return learns;
    }

    @Override
    public long rest() {
        return byId.values().stream().mapToLong(Detector::rest).min().orElse(Detector.DAY);
    }

    @Override
    public long forget(Memory memory, long time) {
        return byId.values().stream()
                .mapToLong(detector -> detector.forget(memory, time))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Override
    public String mutedBy(Sighting sighting, OpenFindings findings) {
        return null;
    }

    @Override
    public boolean speaks(String ruleId) {
        return byId.containsKey(ruleId) && byId.get(ruleId).rule().on();
    }

    @Override
    public Wording wording(String ruleId) {
        return byId.get(ruleId).wording();
    }

    @Override
    public RuleSettings rule(String ruleId) {
        return byId.get(ruleId).rule();
    }
}
