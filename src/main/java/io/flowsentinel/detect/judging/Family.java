package io.flowsentinel.detect.judging;

import io.flowsentinel.detect.settings.RuleSettings;
import io.flowsentinel.detect.settings.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Rules that judge the same panes of the same subjects, and so can know of each other: mostly one. All are listed in
 * {@code Catalogue}.
 */
public final class Family {

    private final int code;
    private final boolean hours;
    private int space;
    private int most = Pane.MAX_CELLS;
    private int panesJudged = 1;
    private boolean rests;
    private Family heard;
    private int heardAs;
    private final List<String> ruleIds = new ArrayList<>();
    private final List<Function<Rules, Detector>> detectors = new ArrayList<>();
    private BiFunction<Rules, List<Detector>, Court> court = (rules, judges) -> new PlainCourt(judges);
    private Function<Rules, ConnectionRouter> connections;
    private Function<Rules, RecordRouter> records;
    private Supplier<CoverageRouter> coverage;
    private ToLongFunction<Tally> weighing = Tally::count;

    private Family(int code, boolean hours) {
        this.code = code;
        this.hours = hours;
        this.space = code;
    }

    /**
     * A family whose panes are of max(60 s, W).
     *
     * @param code names the family in state: part of every savepoint, never changes, never used again
     */
    public static Family ofMinutes(int code) {
        return new Family(code, false);
    }

    /** A family whose panes are of an hour, as it is for windows of a day and more. */
    public static Family ofHours(int code) {
        return new Family(code, true);
    }

    /** Judges the same subjects as another family, and shares their state, each its own part of it. */
    public Family sharingSubjectsOf(Family other) {
        space = other.space;
        return this;
    }

    /**
     * Knows what live findings of another family count; that family comes earlier in {@code Catalogue} and
     * judges the same subjects, so that at one moment its findings are known before this one judges.
     *
     * @param bit fact of each such cell, without side and allow-list, in the pane of what was counted
     */
    public Family hearing(Family other, int bit) {
        heard = other;
        heardAs = bit;
        return this;
    }

    /** Tells fewer cells of a subject's pane apart than others do: many of its subjects have as many as there may be. */
    public Family holding(int cells) {
        most = cells;
        return this;
    }

    /** Judges so many panes together where a rule has no window. */
    public Family judging(int panes) {
        panesJudged = panes;
        return this;
    }

    /**
     * Has many subjects of which nearly none comes near what the rules ask for: what is counted of these is kept together
     * until one does, see {@code Backlog}.
     */
    public Family resting() {
        rests = true;
        return this;
    }

    /** Has a rule. */
    public Family rule(String id, Function<Rules, Detector> detector) {
        ruleIds.add(id);
        detectors.add(detector);
        return this;
    }

    /**
     * Has rules that know of each other.
     *
     * @param id of one more rule, which the court judges itself
     */
    public Family court(String id, BiFunction<Rules, List<Detector>, Court> made) {
        ruleIds.add(id);
        court = made;
        return this;
    }

    /** Weighs what counts by more than how often it does, see {@link #weight}. */
    public Family weighing(ToLongFunction<Tally> weight) {
        weighing = weight;
        return this;
    }

    /** Hears of closed connections. */
    public Family connections(Function<Rules, ConnectionRouter> router) {
        connections = router;
        return this;
    }

    /** Hears of the packets and bytes of records. */
    public Family records(Function<Rules, RecordRouter> router) {
        records = router;
        return this;
    }

    /** Hears of lines about lost and missing records. */
    public Family coverage(Supplier<CoverageRouter> router) {
        coverage = router;
        return this;
    }

    /** Names the family in state. */
    public int code() {
        return code;
    }

    /** The first part of the subjects it judges. */
    public int space() {
        return space;
    }

    /** Whether it knows what live findings of the other family count. */
    public boolean hears(Family other) {
        return heard == other;
    }

    /** The fact that a live finding of the family it hears has counted a cell. */
    public int heardAs() {
        return heardAs;
    }

    /** The panes in which its subjects are judged. */
    public Panes panes(Duration aggregationInterval) {
        return Panes.of(aggregationInterval, hours ? Duration.ofDays(1) : Duration.ZERO);
    }

    /** Whether panes are of an hour: what is counted may wait for long until it is judged. */
    public boolean hourly() {
        return hours;
    }

    /** How many cells of a pane are told apart. */
    public int most() {
        return most;
    }

    /** Whether what is counted of a subject is kept apart only once a rule may speak. */
    public boolean rests() {
        return rests;
    }

    /** How many panes are judged together where a rule has no window. */
    public int panesJudged() {
        return panesJudged;
    }

    /** How far back a rule looks, in seconds of whole panes. */
    public long lengthOf(RuleSettings rule, Duration aggregationInterval) {
        Panes panes = panes(aggregationInterval);
        return rule.window() == null
                ? panesJudged * panes.length()
                : panes.windowOf(rule.window(), aggregationInterval);
    }

    /** Whether any of its rules is on. */
    public boolean on(Rules rules) {
        return !rules.on(ruleIds.toArray(String[]::new)).isEmpty();
    }

    /** Null where closed connections mean nothing to it, or it is off. */
    public ConnectionRouter connectionRouter(Rules rules) {
        return connections == null || !on(rules) ? null : connections.apply(rules);
    }

    /**
     * Null where packets and bytes mean nothing to it, or it is off; a family that hears of coverage goes on to hear of
     * both, as who writes is known only from all that is written.
     */
    public RecordRouter recordRouter(Rules rules) {
        return records == null || (!on(rules) && coverage == null) ? null : records.apply(rules);
    }

    /** Null where lost and missing records mean nothing to it. */
    public CoverageRouter coverageRouter() {
        return coverage == null ? null : coverage.get();
    }

    /**
     * What a tally weighs towards {@link Detector#least}, whatever the rules in force: what is in state was weighed under
     * others. Where the condition of a rule holds the weights reach what it asks for.
     */
    public long weight(Tally tally) {
        return weighing.applyAsLong(tally);
    }

    /** Judges; has the rules that are off too, for state may hold findings of theirs. */
    public Court court(Rules rules) {
        List<Detector> judges = new ArrayList<>();
        detectors.forEach(detector -> judges.add(detector.apply(rules)));
        return court.apply(rules, judges);
    }
}
