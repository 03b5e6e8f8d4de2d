package io.flowsentinel.detect;

import io.flowsentinel.detect.RuleSettings.Mode;
import io.flowsentinel.model.Alert;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Judges one key of one group, pane by pane. No Flink, no clock: contributions and event times in, alerts out. All
 * times are epoch seconds.
 *
 * <p>A pane is judged when something may be different from the pane before: while a window holds enough for any rule
 * to speak, while a condition holds, and when an Update or a Close is due. All other panes are passed over.
 */
final class Watch {

    private static final long LONGEST_MEMORY_OF_A_DAY = 8 * Episode.DAY;
    private static final Duration SHORTEST_SILENCE = Duration.ofHours(1);

    private final Court court;
    private final Panes panes;
    private final Duration interval;
    private final AlertMaker alerts;
    private final long reach;
    private final double least;
    private long overflows;

    Watch(Court court, Panes panes, Duration interval, String rulesVersion) {
        this.court = court;
        this.panes = panes;
        this.interval = interval;
        this.alerts = new AlertMaker(court, rulesVersion);
        this.least = court.least();
        this.reach = court.longest() == null ? panes.length() : panes.windowOf(court.longest(), interval);
    }

    /**
     * Keeps a contribution for the pane it belongs to.
     *
     * @param now the event time reached; panes judged by then are closed
     */
    void observe(Watched watched, Contribution contribution, Cell cell, long now) {
        long pane = panes.entering(contribution.start(), contribution.decidedAt());
        if (now != Long.MIN_VALUE) {
            pane = Math.max(pane, panes.firstJudgedFrom(now + 1));
        }
        if (watched.judged != Watched.NEVER) {
            pane = Math.max(pane, watched.judged + panes.length());
        }
        Pane into = watched.panes.computeIfAbsent(pane, unseen -> new Pane());
        if (contribution.counts()) {
            into.count(cell, contribution);
        } else {
            into.note(cell, contribution.facts());
        }
    }

    /** When the key has to be looked at again; {@link Long#MAX_VALUE} where there is nothing to come. */
    long nextJudgement(Watched watched) {
        long next = Long.MAX_VALUE;
        if (!watched.panes.isEmpty()) {
            next = panesDue(watched);
        }
        for (Episode episode : watched.episodes.values()) {
            if (!court.speaks(episode.ruleId)) {
                next = Math.min(next, watched.judged + panes.length());
                continue;
            }
            long due = Math.min(episode.closesAt(panes, silence(episode)), episode.nextReminder);
            next = Math.min(next, panes.firstEndingFrom(due));
            if (episode.day == Sighting.ANY_DAY && episode.lastHeld == watched.judged) {
                next = Math.min(next, watched.judged + panes.length());
            }
        }
        for (long dayEnd : watched.closedDays.values()) {
            next = Math.min(next, panes.firstEndingFrom(dayEnd + LONGEST_MEMORY_OF_A_DAY));
        }
        if (next == Long.MAX_VALUE) {
            return next;
        }
        return panes.evaluatedAt(
                watched.judged == Watched.NEVER ? next : Math.max(next, watched.judged + panes.length()));
    }

    private long panesDue(Watched watched) {
        if (tooFew(watched)) {
            return watched.panes.firstKey() + reach - panes.length();
        }
        if (watched.judged != Watched.NEVER && watched.panes.firstKey() <= watched.judged) {
            return watched.judged + panes.length();
        }
        return watched.panes.firstKey();
    }

    /** Whether no rule can speak yet: so it is with nearly every key, so this is asked before anything is looked at. */
    private boolean tooFew(Watched watched) {
        long counted = 0;
        for (Pane pane : watched.panes.values()) {
            counted += pane.counted();
        }
        return counted < least;
    }

    /** Judges all panes that are due by an event time. */
    List<Alert> judgeThrough(Watched watched, long time) {
        List<Alert> out = new ArrayList<>();
        for (long next = nextJudgement(watched); next <= time; next = nextJudgement(watched)) {
            judge(watched, next - panes.lag() - panes.length(), true, out);
        }
        return out;
    }

    /**
     * Judges what is left at the end of the input: panes with contributions. The end is not silence, so nothing is
     * closed.
     */
    List<Alert> finish(Watched watched) {
        List<Alert> out = new ArrayList<>();
        long last = watched.panes.isEmpty() ? Watched.NEVER : watched.panes.lastKey();
        while (last != Watched.NEVER && last > watched.judged) {
            long pane = nextJudgement(watched) - panes.lag() - panes.length();
            if (pane > last) {
                break;
            }
            judge(watched, pane, false, out);
        }
        return out;
    }

    /** How many panes held more cells than are told apart, since this was last asked. */
    long takeOverflows() {
        long taken = overflows;
        overflows = 0;
        return taken;
    }

    private void judge(Watched watched, long pane, boolean closing, List<Alert> out) {
        watched.episodes.values().removeIf(episode -> !court.speaks(episode.ruleId));
        boolean silent = watched.episodes.isEmpty() && tooFew(watched);
        for (Pane entered :
                watched.panes.subMap(watched.judged, false, pane, true).values()) {
            entered.seal();
            overflows += entered.overflowed() ? 1 : 0;
        }
        watched.judged = pane;
        if (!silent) {
            court(watched, pane).forEach(sighting -> take(watched, sighting, pane, out));
        }
        endEpisodes(watched, pane, closing, out);
        watched.panes.headMap(pane + 2 * panes.length() - reach, false).clear();
    }

    private List<Sighting> court(Watched watched, long pane) {
        Map<Long, Window> windows = new HashMap<>();
        Function<RuleSettings, Window> windowOf = rule -> {
            long from = pane - lengthOf(rule) + panes.length();
            return windows.computeIfAbsent(from, first -> new Window(watched.panes.subMap(first, true, pane, true)));
        };
        return court.judge(watched, windowOf);
    }

    private void take(Watched watched, Sighting sighting, long pane, List<Alert> out) {
        String key = sighting.episodeKey();
        Episode open = watched.episodes.get(key);
        if (open == null) {
            if (!watched.closedDays.containsKey(key)) {
                Episode begun = Episode.begin(sighting, pane, panes, suppressedBy(sighting, watched));
                watched.episodes.put(key, begun);
                out.add(alerts.make(begun, Activity.CREATE, panes.endOf(pane)));
            }
            return;
        }
        Severity before = open.severity;
        open.hold(sighting, pane);
        boolean bigger = open.passMultiples();
        boolean reminder = open.passReminder(panes.endOf(pane));
        if (bigger || reminder || open.severity.compareTo(before) > 0) {
            out.add(alerts.make(open, Activity.UPDATE, panes.endOf(pane)));
        }
    }

    private String suppressedBy(Sighting sighting, Watched watched) {
        if (sighting.allowedBy() != null) {
            return sighting.allowedBy();
        }
        return sighting.rule().mode() == Mode.DRY_RUN ? "dry-run" : court.mutedBy(sighting, watched);
    }

    private void endEpisodes(Watched watched, long pane, boolean closing, List<Alert> out) {
        long end = panes.endOf(pane);
        Iterator<Map.Entry<String, Episode>> open = watched.episodes.entrySet().iterator();
        while (open.hasNext()) {
            Map.Entry<String, Episode> entry = open.next();
            Episode episode = entry.getValue();
            if (end >= episode.closesAt(panes, silence(episode))) {
                if (closing) {
                    out.add(alerts.make(episode, Activity.CLOSE, end));
                }
                if (episode.day != Sighting.ANY_DAY) {
                    watched.closedDays.put(entry.getKey(), episode.day + Episode.DAY);
                }
                open.remove();
            } else if (episode.passReminder(end)) {
                out.add(alerts.make(episode, Activity.UPDATE, end));
            }
        }
        watched.closedDays.values().removeIf(dayEnd -> end >= dayEnd + LONGEST_MEMORY_OF_A_DAY);
    }

    private long lengthOf(RuleSettings rule) {
        return rule.window() == null ? panes.length() : panes.windowOf(rule.window(), interval);
    }

    private long silence(Episode episode) {
        return Math.max(lengthOf(court.rule(episode.ruleId)), SHORTEST_SILENCE.toSeconds());
    }
}
