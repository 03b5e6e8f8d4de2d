package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Court;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.OpenFindings;
import io.flowsentinel.detect.judging.Prevalence;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds nothing, but tells which public responders half and more of the internal hosts talked to in the window of the rule
 * that asks. Among a few hosts half of them says nothing: below {@link #LEAST_HOSTS} nobody is prevalent.
 */
final class PrevalenceCourt implements Court {

    static final int LEAST_HOSTS = 10;

    private static final long MILLIS = 1_000;

    private final RuleSettings rule;

    PrevalenceCourt(RuleSettings rule) {
        this.rule = rule;
    }

    @Override
    public List<Prevalence> tell(Function<RuleSettings, Window> windows) {
        if (!rule.on()) {
            return List.of();
        }
        Window window = windows.apply(rule);
        TreeMap<Long, Set<String>> byHost = new TreeMap<>();
        for (Cell cell : window.facts().keySet()) {
            byHost.computeIfAbsent(HostContacts.mixed(cell), unseen -> new TreeSet<>())
                    .add(HostContacts.responder(cell));
        }
        Map<String, Long> hosts = new TreeMap<>();
        int looked = Math.min(byHost.size(), HostContacts.HOSTS);
        byHost.values().stream()
                .limit(looked)
                .forEach(responders -> responders.forEach(responder -> hosts.merge(responder, 1L, Long::sum)));
        hosts.remove(HostContacts.NOBODY);
        hosts.values().removeIf(number -> 2 * number < looked);
        if (looked < LEAST_HOSTS || hosts.isEmpty()) {
            return List.of();
        }
        hosts.replaceAll((responder, number) -> 100 * number / looked);
        return List.of(new Prevalence(window.end() * MILLIS, hosts));
    }

    @Override
    public List<Sighting> judge(OpenFindings findings, Function<RuleSettings, Window> windows, Memory memory) {
        return List.of();
    }

    /** Nothing counts here, all is known as facts. */
    @Override
    public double least() {
        return 0;
    }

    @Override
    public Duration longest() {
        return rule.window();
    }

    @Override
    public void learn(long pane, List<Sighting.PaneTally> tallies, Memory memory) {}

    @Override
    public boolean learns() {
        return false;
    }

    @Override
    public long rest() {
        return Detector.DAY;
    }

    @Override
    public long forget(Memory memory, long time) {
        return Long.MAX_VALUE;
    }

    @Override
    public String mutedBy(Sighting sighting, OpenFindings findings) {
        return null;
    }

    @Override
    public boolean speaks(String ruleId) {
        return false;
    }

    @Override
    public Wording wording(String ruleId) {
        throw new IllegalStateException("Nothing is found here, so nothing is worded");
    }

    @Override
    public RuleSettings rule(String ruleId) {
        return rule;
    }
}
