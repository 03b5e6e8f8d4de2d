package io.flowsentinel.detect;

import io.flowsentinel.detect.RuleSettings.Mode;
import io.flowsentinel.detect.Sighting.PaneTally;
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

    ScanCourt(PlainCourt children, MixedScan mixed) {
        this.children = children;
        this.mixed = mixed;
    }

    @Override
    public double least() {
        return mixed.rule().on() ? Math.min(children.least(), mixed.least()) : children.least();
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
    public List<Sighting> judge(Findings findings, Function<RuleSettings, Window> windows, Memory memory) {
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
                .filter(sighting -> sighting.live() && !findings.episodes.containsKey(sighting.episodeKey()))
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
    public String mutedBy(Sighting sighting, Findings findings) {
        if (sighting.rule().id().equals(MixedScan.ID)) {
            return null;
        }
        Episode parent = openParent(findings);
        Episode first = parent == null ? openScan(findings) : parent;
        return first == null ? null : first.findingId;
    }

    private static Episode openParent(Findings findings) {
        return open(findings, true);
    }

    private static Episode openScan(Findings findings) {
        return open(findings, false);
    }

    private static Episode open(Findings findings, boolean parent) {
        return findings.episodes.values().stream()
                .filter(episode -> !episode.suppressed() && episode.ruleId.equals(MixedScan.ID) == parent)
                .findFirst()
                .orElse(null);
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
