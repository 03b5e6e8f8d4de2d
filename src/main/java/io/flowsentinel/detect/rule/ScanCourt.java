package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Court;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.OpenFindings;
import io.flowsentinel.detect.judging.PlainCourt;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.judging.Wording;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.RuleSettings.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The scan rules of one originator, at most one open finding between them: the first to cross is created; when another
 * crosses while it is open, one mixed-scan is created as the parent, and it mutes that one and all further ones. Rules
 * in dry-run neither mute nor are muted: what nobody sees must not silence what somebody would.
 */
final class ScanCourt implements Court {

    private final PlainCourt children;
    private final MixedScan mixed;
    private final double least;

    ScanCourt(PlainCourt children, MixedScan mixed) {
        this.children = children;
        this.mixed = mixed;
        this.least = mixed.rule().on() ? Math.min(children.least(), mixed.least()) : children.least();
    }

    @Override
    public double least() {
        return least;
    }

    @Override
    public Duration longest() {
        Duration longest = children.longest();
        if (!mixed.rule().on()) {
            return longest;
        }
        Duration own = mixed.rule().window();
        return longest == null || own.compareTo(longest) > 0 ? own : longest;
    }

    @Override
    public List<Sighting> judge(OpenFindings findings, Function<RuleSettings, Window> windows, Memory memory) {
        List<Sighting> found = children.judge(findings, windows, memory);
        if (!mixed.rule().on()) {
            return found;
        }
        Window window = windows.apply(mixed.rule());
        Optional<Sighting> own =
                mixed.judge(window, found.stream().filter(Sighting::live).toList());
        if (mixed.rule().mode() != Mode.LIVE) {
            own.ifPresent(found::add);
            return found;
        }
        List<Sighting> fresh = found.stream()
                .filter(sighting -> sighting.live() && !findings.has(sighting))
                .toList();
        boolean open = openScan(findings) != null;
        boolean parentOpen = openParent(findings) != null;
        boolean anyLive = found.stream().anyMatch(Sighting::live);
        boolean secondKey = fresh.size() + (open ? 1 : 0) >= 2 && !fresh.isEmpty();
        if (own.isEmpty() && !secondKey && !(parentOpen && anyLive)) {
            return found;
        }
        boolean firstIsFresh = !open && !parentOpen;
        return own.or(() -> mixed.whole(window))
                .map(parent -> withParent(found, fresh, parent, firstIsFresh))
                .orElse(found);
    }

    @Override
    public void learn(long pane, List<PaneTally> tallies, Memory memory) {
        children.learn(pane, tallies, memory);
    }

    @Override
    public boolean remembers() {
        return children.remembers();
    }

    @Override
    public boolean learns() {
        return children.learns();
    }

    @Override
    public long rest() {
        return children.rest();
    }

    @Override
    public long forget(Memory memory, long time) {
        return children.forget(memory, time);
    }

    /** The parent stands before the findings it mutes, and behind the one that came first. */
    private static List<Sighting> withParent(
            List<Sighting> found, List<Sighting> fresh, Sighting parent, boolean firstIsFresh) {
        List<Sighting> ordered = new ArrayList<>(found);
        int place = 0;
        if (firstIsFresh && !fresh.isEmpty()) {
            ordered.remove(fresh.get(0));
            ordered.add(0, fresh.get(0));
            place = 1;
        }
        ordered.add(place, parent);
        return ordered;
    }

    @Override
    public String mutedBy(Sighting sighting, OpenFindings findings) {
        if (sighting.rule().id().equals(MixedScan.ID)) {
            return null;
        }
        String parent = openParent(findings);
        return parent == null ? openScan(findings) : parent;
    }

    private static String openParent(OpenFindings findings) {
        return findings.firstOf(MixedScan.ID::equals);
    }

    private static String openScan(OpenFindings findings) {
        return findings.firstOf(id -> !id.equals(MixedScan.ID));
    }

    @Override
    public boolean speaks(String ruleId) {
        return ruleId.equals(MixedScan.ID) ? mixed.rule().on() : children.speaks(ruleId);
    }

    @Override
    public Wording wording(String ruleId) {
        return ruleId.equals(MixedScan.ID) ? MixedScan::title : children.wording(ruleId);
    }

    @Override
    public RuleSettings rule(String ruleId) {
        return ruleId.equals(MixedScan.ID) ? mixed.rule() : children.rule(ruleId);
    }
}
