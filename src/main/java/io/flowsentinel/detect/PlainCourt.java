package io.flowsentinel.detect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rules that know nothing of each other. */
final class PlainCourt implements Court {

    private final List<Detector> detectors;
    private final Map<String, Detector> byId;

    PlainCourt(List<Detector> detectors) {
        this.detectors = detectors;
        this.byId = detectors.stream()
                .collect(Collectors.toMap(detector -> detector.rule().id(), one -> one));
    }

    @Override
    public double least() {
        return detectors.stream().mapToDouble(Detector::least).min().orElse(Double.MAX_VALUE);
    }

    @Override
    public Duration longest() {
        return detectors.stream()
                .map(detector -> detector.rule().window())
                .filter(window -> window != null)
                .max(Duration::compareTo)
                .orElse(null);
    }

    @Override
    public List<Sighting> judge(Watched watched, Function<RuleSettings, Window> windows) {
        List<Sighting> sightings = new ArrayList<>();
        for (Detector detector : detectors) {
            sightings.addAll(detector.judge(windows.apply(detector.rule())));
        }
        return sightings;
    }

    @Override
    public String mutedBy(Sighting sighting, Watched watched) {
        return null;
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
