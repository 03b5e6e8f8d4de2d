package io.flowsentinel.detect;

import io.flowsentinel.detect.Agenda.Filling;
import io.flowsentinel.detect.judging.Cell;
import io.flowsentinel.detect.judging.Court;
import io.flowsentinel.detect.judging.Detector;
import io.flowsentinel.detect.judging.Family;
import io.flowsentinel.detect.judging.Ledger;
import io.flowsentinel.detect.judging.Marks;
import io.flowsentinel.detect.judging.Memory;
import io.flowsentinel.detect.judging.Page;
import io.flowsentinel.detect.judging.Pane;
import io.flowsentinel.detect.judging.Panes;
import io.flowsentinel.detect.judging.Sighting;
import io.flowsentinel.detect.judging.Sighting.PaneTally;
import io.flowsentinel.detect.judging.Tally;
import io.flowsentinel.detect.judging.Window;
import io.flowsentinel.detect.rule.Catalogue;
import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Judges the subjects of one family of rules, pane by pane. No Flink, no clock: tallies and event times in, alerts out.
 * All times are epoch seconds.
 *
 * <p>A pane is judged when something may be different from the pane before: while a window holds enough for any rule
 * to speak (where rules speak of nothing else, only if something counts in the pane), while a condition holds, and when an
 * Update, a Close or a look at what was learned is due. All other panes are passed over. When that is follows from the {@link
 * Agenda} alone, so that whatever counts touches one entry of the {@link Ledger} and looks at no {@link Findings}, however
 * many there are.
 */
final class Watch {

    /** For so long a subject is not looked at only to forget something of which nobody learns. */
    private static final Duration SHORTEST_REST = Duration.ofMinutes(15);

    private final Family family;
    private final Court court;
    private final Docket docket;
    private final Panes panes;
    private final Duration interval;
    private final long reach;
    private final boolean heard;
    private final long firstPane;
    private Set<Accounted> accounted = new HashSet<>();
    private long overflows;
    private long momentOverflows;

    /** Judges from the beginning of time. */
    Watch(Family family, Rules rules, Duration interval) {
        this(family, rules, interval, Long.MIN_VALUE);
    }

    /** @param afterMillis epoch milliseconds of event time up to which others judge; {@link Long#MIN_VALUE} for none */
    Watch(Family family, Rules rules, Duration interval, long afterMillis) {
        this.family = family;
        this.court = family.court(rules);
        this.panes = family.panes(interval);
        this.docket = new Docket(family, court, interval, rules.version());
        this.interval = interval;
        this.heard = !listeners(family, rules).isEmpty();
        this.firstPane = afterMillis == Long.MIN_VALUE
                ? Long.MIN_VALUE
                : panes.firstJudgedFrom(Math.floorDiv(afterMillis, 1_000) + 1);
        this.reach = court.longest() == null
                ? family.panesJudged() * panes.length()
                : panes.windowOf(court.longest(), interval);
    }

    /** What is known of one subject by the rules of one family. */
    record Dossier(Agenda agenda, Ledger ledger, Findings findings, Memory memory) {}

    /**
     * Something that a live finding has counted.
     *
     * @param cell without allow-list
     * @param pane in which it was counted
     * @param judgedAt event time at which it was held against somebody
     */
    record Accounted(Cell cell, long pane, long judgedAt) {}

    /** The families that are on and hear what live findings of this one count. */
    static List<Family> listeners(Family family, Rules rules) {
        return Catalogue.FAMILIES.stream()
                .filter(other -> other.hears(family) && other.on(rules))
                .toList();
    }

    /**
     * Keeps what was counted for the pane it belongs to.
     *
     * @param counted start of the pane
     * @param more the caller's to give away
     * @param now the event time reached; panes judged by then are closed
     */
    void observe(Agenda agenda, Ledger ledger, long counted, Page more, long now) {
        long pane = Math.max(counted, firstOpen(now));
        if (agenda.judged != Agenda.NEVER) {
            pane = Math.max(pane, agenda.judged + panes.length());
        }
        Page known = ledger.get(pane);
        Filling filling = agenda.filling(pane);
        if (more.closed() && (known == null || known.joins(more))) {
            agenda.noteAll(filling, more.weight(), more.countingCells(), more.factCells());
            if (known != null) {
                known.join(more);
            }
            ledger.put(pane, known == null ? more : known);
            return;
        }
        Page page = known == null ? new Page() : known;
        page.open();
        filling.cells = page.countingCells();
        filling.facts = page.factCells();
        more.counting().forEach((cell, tally) -> take(agenda, filling, page, false, cell, tally));
        more.facts().forEach((cell, tally) -> take(agenda, filling, page, true, cell, tally));
        if (filling.cells >= 2 * family.most() || filling.facts >= 2 * family.most()) {
            bound(page, filling);
        }
        ledger.put(pane, page);
    }

    private void take(Agenda agenda, Filling filling, Page page, boolean fact, Cell cell, Tally more) {
        Tally known = page.cells(fact).get(cell);
        if (known == null && filling.beyond(cell, fact, more)) {
            return;
        }
        agenda.note(filling, fact, fact ? 0 : family.weight(more), known == null);
        if (known == null) {
            page.put(fact, cell, more);
        } else {
            known.add(more);
        }
        Tally now = known == null ? more : known;
        momentOverflows += now.momentCount() == Tally.MAX_MOMENTS ? 1 : 0;
    }

    /**
     * Keeps what live findings of the family it hears have counted. The pane follows from the time at which they were
     * judged alone, however far event time had jumped by then.
     */
    void hear(Agenda agenda, Ledger ledger, Set<Accounted> counted) {
        for (Accounted one : counted) {
            long pane = panes.entering(one.pane(), one.judgedAt());
            observe(agenda, ledger, pane, Page.of(true, one.cell(), Tally.fact(family.heardAs())), Long.MIN_VALUE);
        }
    }

    /**
     * Whether a subject may rest of which no more is known than what was counted.
     *
     * @param weight of all that counts, in all panes that a window may reach
     */
    boolean quiet(long weight) {
        return court.quiet(weight);
    }

    /** The first pane that is still open when event time is this far; {@link Long#MIN_VALUE} before it has begun. */
    long firstOpen(long now) {
        return now == Long.MIN_VALUE ? now : panes.firstJudgedFrom(now + 1);
    }

    /** The event time at which a pane is judged. */
    long judgedAt(long pane) {
        return panes.evaluatedAt(pane);
    }

    /** The event time from which on no window reaches a pane; while others judge it is not said. */
    long forgottenAt(long pane) {
        return panes.evaluatedAt(Math.max(pane + reach - panes.length(), firstPane));
    }

    /** Whether there may be something in the memory of its subjects. */
    boolean remembers() {
        return court.remembers();
    }

    /** When the subject has to be looked at again; {@link Long#MAX_VALUE} where there is nothing to come. */
    long nextJudgement(Agenda agenda) {
        long next = Math.min(agenda.findingsDue, agenda.memoryDue);
        if (!agenda.panes.isEmpty()) {
            next = Math.min(next, panesDue(agenda));
        }
        if (next == Long.MAX_VALUE) {
            return next;
        }
        next = Math.max(next, firstPane);
        return panes.evaluatedAt(agenda.judged == Agenda.NEVER ? next : Math.max(next, agenda.judged + panes.length()));
    }

    /** Judges all panes that are due by an event time. */
    List<Ruling> judgeThrough(Dossier dossier, long time) {
        List<Ruling> out = new ArrayList<>();
        Reading reading = new Reading(dossier.ledger(), family);
        for (long next = nextJudgement(dossier.agenda()); next <= time; next = nextJudgement(dossier.agenda())) {
            judge(dossier, reading, next - panes.lag() - panes.length(), true, out);
        }
        return out;
    }

    /**
     * Judges what is left at the end of the input: panes in which something counts. The end is not silence, so nothing
     * is closed.
     */
    List<Ruling> finish(Dossier dossier) {
        List<Ruling> out = new ArrayList<>();
        Agenda agenda = dossier.agenda();
        Reading reading = new Reading(dossier.ledger(), family);
        long last = agenda.panes.isEmpty() ? Agenda.NEVER : agenda.panes.last();
        while (last != Agenda.NEVER && last > agenda.judged) {
            long pane = nextJudgement(agenda) - panes.lag() - panes.length();
            if (pane > last) {
                break;
            }
            judge(dossier, reading, pane, false, out);
        }
        return out;
    }

    /** How many panes held more cells than are told apart, since this was last asked. */
    long takeOverflows() {
        long taken = overflows;
        overflows = 0;
        return taken;
    }

    /** How often something was told of a cell that keeps no more moments, since this was last asked. */
    long takeMomentOverflows() {
        long taken = momentOverflows;
        momentOverflows = 0;
        return taken;
    }

    /** What live findings have counted since this was last asked; empty where nobody hears it. */
    Set<Accounted> takeAccounted() {
        Set<Accounted> taken = accounted;
        accounted = new HashSet<>();
        return taken;
    }

    /** See {@link Docket#takeCapped}. */
    long takeCapped() {
        return docket.takeCapped();
    }

    /** See {@link Docket#takeRefused}. */
    long takeRefused() {
        return docket.takeRefused();
    }

    /** While no rule can speak, the subject is looked at only to forget panes that no window reaches any more. */
    private long panesDue(Agenda agenda) {
        if (tooFew(agenda)) {
            return toBeForgotten(agenda);
        }
        long first = agenda.panes.first();
        long next = agenda.judged != Agenda.NEVER && first <= agenda.judged ? agenda.judged + panes.length() : first;
        return court.speaksOnlyOfWhatCounts()
                ? Math.min(agenda.panes.firstCountingFrom(next), toBeForgotten(agenda))
                : next;
    }

    /** The last pane, and of a subject that never rests a whole window's worth at a time, so as not to look too often. */
    private long toBeForgotten(Agenda agenda) {
        long rest = court.speaksOnlyOfWhatCounts() ? panes.windowOf(SHORTEST_REST, interval) : 0;
        return Math.min(agenda.panes.last(), agenda.panes.first() + reach) + Math.max(reach, rest) - panes.length();
    }

    /** Whether no rule can speak yet: so it is with nearly every subject, so this is asked before anything is looked at. */
    private boolean tooFew(Agenda agenda) {
        return court.tooFew(agenda.counted, agenda.memoryDue != Long.MAX_VALUE);
    }

    /** Whether any condition can hold in a pane, as far as can be told without opening pages. */
    private boolean mayHold(Dossier dossier, long pane) {
        Detector detector = court.onlyGlancing();
        if (detector == null) {
            return true;
        }
        long from = startOf(detector.rule(), pane);
        LongList seen = new LongArrayList();
        PaneFillings kept = dossier.agenda().panes;
        for (int i = 0; i < kept.size(); i++) {
            long start = kept.start(i);
            boolean judged = start >= from && start <= pane;
            if (judged
                    && (kept.filling(i).full(family.most())
                            || !dossier.ledger().get(start).glance(detector.glance(), seen))) {
                return true;
            }
        }
        return detector.mayHold(seen, from, panes.endOf(pane));
    }

    private void judge(Dossier dossier, Reading reading, long pane, boolean closing, List<Ruling> out) {
        Agenda agenda = dossier.agenda();
        Findings findings = dossier.findings();
        docket.forgetSilenced(findings, pane, out);
        boolean silent = findings.episodes.isEmpty() && (tooFew(agenda) || !mayHold(dossier, pane));
        countOverflows(agenda, pane);
        agenda.judged = pane;
        if (!silent) {
            SortedMap<Long, Pane> kept = reading.panes(agenda);
            Function<RuleSettings, Window> windows = windows(kept, pane);
            for (Sighting sighting : court(dossier, windows)) {
                Episode before = findings.episodes.get(sighting.episodeKey());
                long through = before == null ? Long.MIN_VALUE : before.countedThrough;
                docket.take(findings, sighting, pane, out);
                Episode open = findings.episodes.get(sighting.episodeKey());
                if (heard && open != null && !open.suppressed()) {
                    account(through, sighting, pane);
                }
            }
            court.tell(windows).forEach(told -> out.add(Ruling.of(told)));
        }
        docket.end(findings, pane, closing, out);
        agenda.findingsDue = docket.due(findings, pane);
        forget(dossier, reading, pane);
    }

    /** Of the panes up to one that have not been judged: nothing more is added to them. */
    private void countOverflows(Agenda agenda, long through) {
        agenda.panes.forEach((start, filling) -> {
            if (start > agenda.judged && start <= through && filling.full(family.most())) {
                filling.limit().overflowed = true;
                overflows++;
            }
        });
    }

    /** Notes what a finding is about to count: that which it has not counted before. */
    private void account(long through, Sighting sighting, long pane) {
        for (PaneTally entry : sighting.tallies()) {
            if (entry.pane() > through) {
                accounted.add(new Accounted(entry.cell().bare(), entry.pane(), panes.evaluatedAt(pane)));
            }
        }
    }

    /** The window of a rule that ends with a pane; rules whose windows are equally long share it. */
    private Function<RuleSettings, Window> windows(SortedMap<Long, Pane> kept, long pane) {
        Map<Long, Window> windows = new HashMap<>();
        return rule -> {
            long from = startOf(rule, pane);
            return windows.computeIfAbsent(from, first -> new Window(first, pane, panes, kept.subMap(first, pane + 1)));
        };
    }

    /** The start of the window of a rule that ends with a pane. */
    private long startOf(RuleSettings rule, long pane) {
        return pane - family.lengthOf(rule, interval) + panes.length();
    }

    private List<Sighting> court(Dossier dossier, Function<RuleSettings, Window> windowOf) {
        List<Sighting> sightings = new ArrayList<>(court.judge(dossier.findings(), windowOf, dossier.memory()));
        sightings.replaceAll(sighting ->
                windowOf.apply(sighting.rule()).knows(Marks.TRANSLATED) ? sighting.heldBackBy("translated") : sighting);
        return sightings;
    }

    /** Lets go of panes that no window reaches any more, having learned from them, and of what was learned long ago. */
    private void forget(Dossier dossier, Reading reading, long pane) {
        Agenda agenda = dossier.agenda();
        Memory memory = dossier.memory();
        long firstInReach = pane + 2 * panes.length() - reach;
        if (!agenda.panes.isEmpty() && agenda.panes.first() < firstInReach) {
            if (court.learns()) {
                reading.panes(agenda)
                        .headMap(firstInReach)
                        .forEach((start, forgotten) -> court.learn(start, Window.sorted(start, forgotten), memory));
            }
            if (court.remembers()) {
                agenda.memoryDue = Math.min(agenda.memoryDue, pane + court.rest());
            }
            reading.forgetBefore(firstInReach, agenda);
        }
        if (agenda.memoryDue <= pane) {
            long next = court.forget(memory, panes.endOf(pane));
            agenda.memoryDue =
                    next == Long.MAX_VALUE ? next : Math.max(panes.firstEndingFrom(next), pane + panes.length());
        }
    }

    /** Leaves out what a pane has too much of; what is left does not depend on when this is done. */
    private void bound(Page page, Filling filling) {
        int most = family.most();
        if (filling.cells > most) {
            List<Map.Entry<Cell, Tally>> kept = bound(page, false, Pane.COUNTING);
            filling.limit().overflowed = true;
            filling.limit().lastKept = kept.get(most - 1).getValue().first();
            filling.cells = most;
        }
        if (filling.facts > most) {
            List<Map.Entry<Cell, Tally>> kept = bound(page, true, Pane.FACTS);
            filling.limit().lastFact = kept.get(most - 1).getKey().mixed();
            filling.facts = most;
        }
    }

    private List<Map.Entry<Cell, Tally>> bound(Page page, boolean fact, Comparator<Map.Entry<Cell, Tally>> order) {
        List<Map.Entry<Cell, Tally>> kept = Pane.first(page.cells(fact), order, family.most());
        page.keep(fact, kept);
        return kept;
    }
}
