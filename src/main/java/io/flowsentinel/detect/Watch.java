package io.flowsentinel.detect;

import io.flowsentinel.detect.Agenda.Filling;
import io.flowsentinel.model.Alert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Judges one key of one group, pane by pane. No Flink, no clock: contributions and event times in, alerts out. All
 * times are epoch seconds.
 *
 * <p>A pane is judged when something may be different from the pane before: while a window holds enough for any rule
 * to speak, while a condition holds, and when an Update or a Close is due. All other panes are passed over. When that is
 * follows from the {@link Agenda} alone, so that a contribution touches one entry of the {@link Ledger} and looks at no
 * {@link Findings}, however many there are.
 */
final class Watch {

    private final Court court;
    private final Docket docket;
    private final Panes panes;
    private final Duration interval;
    private final long reach;
    private final double least;
    private long overflows;

    Watch(Court court, Panes panes, Duration interval, String rulesVersion) {
        this.court = court;
        this.docket = new Docket(court, panes, interval, rulesVersion);
        this.panes = panes;
        this.interval = interval;
        this.least = court.least();
        this.reach = court.longest() == null ? panes.length() : panes.windowOf(court.longest(), interval);
    }

    /**
     * Keeps a contribution for the pane it belongs to.
     *
     * @param now the event time reached; panes judged by then are closed
     */
    void observe(Agenda agenda, Ledger ledger, Contribution contribution, Cell cell, long now) {
        long pane = panes.entering(contribution.start(), contribution.decidedAt());
        if (now != Long.MIN_VALUE) {
            pane = Math.max(pane, panes.firstJudgedFrom(now + 1));
        }
        if (agenda.judged != Agenda.NEVER) {
            pane = Math.max(pane, agenda.judged + panes.length());
        }
        Place place = new Place(pane, !contribution.counts(), cell);
        Tally known = ledger.get(place);
        Tally tally = known == null ? new Tally() : known;
        tally.add(contribution);
        ledger.put(place, tally);
        Filling filling = agenda.add(pane, contribution.counts(), known == null);
        if (filling.cells >= 2 * Pane.MAX_CELLS || filling.facts >= 2 * Pane.MAX_CELLS) {
            bound(pane, filling, ledger);
        }
    }

    /** When the key has to be looked at again; {@link Long#MAX_VALUE} where there is nothing to come. */
    long nextJudgement(Agenda agenda) {
        long next = agenda.panes.isEmpty() ? agenda.findingsDue : Math.min(agenda.findingsDue, panesDue(agenda));
        if (next == Long.MAX_VALUE) {
            return next;
        }
        return panes.evaluatedAt(agenda.judged == Agenda.NEVER ? next : Math.max(next, agenda.judged + panes.length()));
    }

    /** Judges all panes that are due by an event time. */
    List<Alert> judgeThrough(Agenda agenda, Ledger ledger, Findings findings, long time) {
        List<Alert> out = new ArrayList<>();
        Reading reading = new Reading(ledger);
        for (long next = nextJudgement(agenda); next <= time; next = nextJudgement(agenda)) {
            judge(agenda, reading, findings, next - panes.lag() - panes.length(), true, out);
        }
        return out;
    }

    /**
     * Judges what is left at the end of the input: panes with contributions. The end is not silence, so nothing is
     * closed.
     */
    List<Alert> finish(Agenda agenda, Ledger ledger, Findings findings) {
        List<Alert> out = new ArrayList<>();
        Reading reading = new Reading(ledger);
        long last = agenda.panes.isEmpty() ? Agenda.NEVER : agenda.panes.lastKey();
        while (last != Agenda.NEVER && last > agenda.judged) {
            long pane = nextJudgement(agenda) - panes.lag() - panes.length();
            if (pane > last) {
                break;
            }
            judge(agenda, reading, findings, pane, false, out);
        }
        return out;
    }

    /** How many panes held more cells than are told apart, since this was last asked. */
    long takeOverflows() {
        long taken = overflows;
        overflows = 0;
        return taken;
    }

    /** See {@link Docket#takeRefused}. */
    long takeRefused() {
        return docket.takeRefused();
    }

    /**
     * While no rule can speak, the key is looked at only to forget panes that no window reaches any more: the last one,
     * and of a key that never rests a whole window's worth at a time.
     */
    private long panesDue(Agenda agenda) {
        long first = agenda.panes.firstKey();
        if (tooFew(agenda)) {
            return Math.min(agenda.panes.lastKey(), first + reach) + reach - panes.length();
        }
        return agenda.judged != Agenda.NEVER && first <= agenda.judged ? agenda.judged + panes.length() : first;
    }

    /** Whether no rule can speak yet: so it is with nearly every key, so this is asked before anything is looked at. */
    private boolean tooFew(Agenda agenda) {
        return agenda.counted < least;
    }

    private void judge(Agenda agenda, Reading reading, Findings findings, long pane, boolean closing, List<Alert> out) {
        docket.forgetSilenced(findings);
        boolean silent = findings.episodes.isEmpty() && tooFew(agenda);
        for (Filling entered :
                agenda.panes.subMap(agenda.judged, false, pane, true).values()) {
            entered.overflowed = entered.full();
            overflows += entered.overflowed ? 1 : 0;
        }
        agenda.judged = pane;
        if (!silent) {
            SortedMap<Long, Pane> kept = reading.panes(agenda);
            court(findings, kept, pane).forEach(sighting -> docket.take(findings, sighting, pane, out));
        }
        docket.end(findings, pane, closing, out);
        agenda.findingsDue = docket.due(findings, pane);
        long firstInReach = pane + 2 * panes.length() - reach;
        if (!agenda.panes.isEmpty() && agenda.panes.firstKey() < firstInReach) {
            agenda.forgetBefore(firstInReach);
            reading.forgetBefore(firstInReach, agenda);
        }
    }

    private List<Sighting> court(Findings findings, SortedMap<Long, Pane> kept, long pane) {
        Map<Long, Window> windows = new HashMap<>();
        Function<RuleSettings, Window> windowOf = rule -> {
            long from = pane - panes.lengthOf(rule, interval) + panes.length();
            return windows.computeIfAbsent(from, first -> new Window(kept.subMap(first, pane + 1)));
        };
        return court.judge(findings, windowOf);
    }

    /** Leaves out what a pane has too much of; what is left does not depend on when this is done. */
    private static void bound(long pane, Filling filling, Ledger ledger) {
        Pane full = Pane.read(ledger).get(pane);
        full.bound().forEach(ledger::remove);
        filling.overflowed |= full.counting().size() < filling.cells;
        filling.cells = full.counting().size();
        filling.facts = full.facts().size();
    }
}
