package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Court;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.settings.RuleSettings.Mode;
import io.flowsentinel.model.Alert.Activity;
import io.flowsentinel.model.Alert.Severity;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Turns the sightings of one subject into episodes and their alerts, and knows when the next of them is due. */
final class Docket {

    private static final long MEMORY_OF_A_DAY = 8 * Episode.DAY;
    /** Of how many findings of a subject connections are shown to their end, if another finding stands for them. */
    private static final int MOST_SHOWN = 100;

    private static final Duration SHORTEST_SILENCE = Duration.ofHours(1);

    private final Court court;
    private final Family family;
    private final Panes panes;
    private final Duration interval;
    private final AlertMaker alerts;
    private long refused;
    private long capped;

    Docket(Family family, Court court, Duration interval, String rulesVersion) {
        this.family = family;
        this.court = court;
        this.panes = family.panes(interval);
        this.interval = interval;
        this.alerts = new AlertMaker(court, rulesVersion);
    }

    /** Forgets the open findings of rules that are off: nothing more is said of them, but that they are gone. */
    void forgetSilenced(Findings findings, long pane, List<Ruling> out) {
        for (Iterator<Episode> open = findings.episodes.values().iterator(); open.hasNext(); ) {
            Episode episode = open.next();
            if (!court.speaks(episode.ruleId)) {
                out.add(Ruling.silent(alerts.make(episode, Activity.CLOSE, panes.endOf(pane))));
                open.remove();
            }
        }
    }

    /** Takes in a sighting of a pane. */
    void take(Findings findings, Sighting sighting, long pane, List<Ruling> out) {
        String key = sighting.episodeKey();
        Episode open = findings.episodes.get(key);
        Episode closed = findings.closedDays.get(key);
        if (open != null) {
            goOn(open, sighting, pane, out);
        } else if (closed == null) {
            begin(findings, sighting, pane, out);
        } else if (closed.worsens(sighting, pane)) {
            if (court.speaks(closed.ruleId)) {
                out.add(Ruling.of(alerts.make(closed, Activity.UPDATE, panes.endOf(pane))));
            }
            closed.settle();
        }
    }

    /** Closes what is over by a pane's end, and reminds of what has been open for long. */
    void end(Findings findings, long pane, boolean closing, List<Ruling> out) {
        long end = panes.endOf(pane);
        Iterator<Map.Entry<String, Episode>> open = findings.episodes.entrySet().iterator();
        while (open.hasNext()) {
            Map.Entry<String, Episode> entry = open.next();
            Episode episode = entry.getValue();
            if (end >= episode.closesAt(panes, silence(episode))) {
                if (closing) {
                    out.add(Ruling.of(alerts.make(episode, Activity.CLOSE, end)));
                }
                if (episode.day != Sighting.ANY_DAY) {
                    episode.settle();
                    findings.closedDays.put(entry.getKey(), episode);
                }
                open.remove();
            } else if (episode.passReminder(end)) {
                out.add(Ruling.of(alerts.make(episode, Activity.UPDATE, end)));
            }
        }
        findings.closedDays.values().removeIf(closed -> end >= forgottenAt(closed));
    }

    /** The first pane at which something is due; {@link Long#MAX_VALUE} where nothing is. */
    long due(Findings findings, long judged) {
        long due = Long.MAX_VALUE;
        for (Episode episode : findings.episodes.values()) {
            long moment = Math.min(episode.closesAt(panes, silence(episode)), episode.nextReminder);
            due = Math.min(due, panes.firstEndingFrom(moment));
            if (episode.day == Sighting.ANY_DAY && episode.lastHeld == judged) {
                due = Math.min(due, judged + panes.length());
            }
        }
        for (Episode closed : findings.closedDays.values()) {
            due = Math.min(due, panes.firstEndingFrom(forgottenAt(closed)));
        }
        return due;
    }

    /** How many sightings began no episode because too many are open, since this was last asked. */
    long takeRefused() {
        long taken = refused;
        refused = 0;
        return taken;
    }

    /** How often a number of a finding was at least what it said, since this was last asked. */
    long takeCapped() {
        long taken = capped;
        capped = 0;
        return taken;
    }

    private void goOn(Episode open, Sighting sighting, long pane, List<Ruling> out) {
        Severity before = open.severity;
        boolean more = open.hold(sighting, pane);
        capped += open.capped() ? 1 : 0;
        boolean bigger = open.passMultiples();
        boolean reminder = open.passReminder(panes.endOf(pane));
        if (bigger || reminder || open.severity.compareTo(before) > 0) {
            List<String> ties = more ? sighting.ties() : null;
            out.add(new Ruling(alerts.make(open, Activity.UPDATE, panes.endOf(pane)), ties));
        } else if (more && !open.suppressed() && Muting.isChild(open.ruleId)) {
            out.add(Ruling.goesOn(alerts.make(open, Activity.UPDATE, panes.endOf(pane)), sighting.ties()));
        }
    }

    private void begin(Findings findings, Sighting sighting, long pane, List<Ruling> out) {
        String silencedBy = silencedBy(sighting);
        String parent = silencedBy == null ? court.mutedBy(sighting, findings) : null;
        String suppressedBy = silencedBy == null ? parent : silencedBy;
        if (findings.full(suppressedBy != null)) {
            refused++;
            return;
        }
        Episode begun = Episode.begin(sighting, pane, panes, suppressedBy);
        findings.episodes.put(sighting.episodeKey(), begun);
        out.add(new Ruling(alerts.make(begun, Activity.CREATE, panes.endOf(pane)), sighting.ties()));
        if (parent == null) {
            return;
        }
        if (findings.episodes.size() <= MOST_SHOWN) {
            begun.stayBrief();
        } else {
            begun.forgetEvidence();
        }
    }

    private static String silencedBy(Sighting sighting) {
        if (sighting.allowedBy() != null) {
            return sighting.allowedBy();
        }
        return sighting.rule().mode() == Mode.DRY_RUN ? "dry-run" : null;
    }

    private static long forgottenAt(Episode closed) {
        return closed.day + Episode.DAY + MEMORY_OF_A_DAY;
    }

    private long silence(Episode episode) {
        return Math.max(family.lengthOf(court.rule(episode.ruleId), interval), SHORTEST_SILENCE.toSeconds());
    }
}
