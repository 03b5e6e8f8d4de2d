package io.flowsentinel.lifecycle;

import io.flowsentinel.model.CoverageRecord;
import io.flowsentinel.model.FlowRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * One of the ways in which the same records may come: in any order, in steps of event time of any length, with restarts
 * anywhere and at another parallelism after each. No record comes after event time has passed its end.
 */
final class Arrival {

    /** Seconds after noon; the end of the last slot read. */
    static final long LAST_SECOND = 8_000;

    /** At first, after the first restart, after the second, and so on around. */
    private static final int[] PARALLELISM = {1, 3, 2};

    private static final LiveFeed FEED = new LiveFeed(true, Duration.ofSeconds(700), List.of());

    private final Random random;
    private final int restartsInSix;
    private final int steps;
    private int restarts;

    private Arrival(Random random, int restartsInSix, int steps) {
        this.random = random;
        this.restartsInSix = restartsInSix;
        this.steps = steps;
    }

    /** From end to end in one operator. */
    static Arrival undisturbed(Random random) {
        return new Arrival(random, 0, 40);
    }

    /** Restarted now and then. */
    static Arrival withRestarts(Random random) {
        return new Arrival(random, 1, 40);
    }

    /** Restarted before and after each step of event time. */
    static Arrival withRestartsEverywhere(Random random) {
        return new Arrival(random, 6, 10);
    }

    /** The operator after the end of the input. */
    Harness of(DenseTraffic traffic) throws Exception {
        List<FlowRecord> flows = new ArrayList<>(traffic.flows());
        List<CoverageRecord> lost = new ArrayList<>(traffic.lost());
        Collections.shuffle(flows, random);
        Collections.shuffle(lost, random);
        Harness harness = new Harness(Batch.MINUTE, FEED, PARALLELISM[0]);
        for (long step : steps()) {
            for (FlowRecord flow : arrivedBy(step, flows)) {
                harness.add(flow);
            }
            for (CoverageRecord one : lostBy(step, lost)) {
                harness.cover(one);
            }
            maybeRestart(harness);
            harness.advanceTo(step);
            maybeRestart(harness);
        }
        harness.end();
        return harness;
    }

    private Set<Long> steps() {
        TreeSet<Long> seconds = new TreeSet<>(Set.of(LAST_SECOND));
        for (int i = random.nextInt(steps); i > 0; i--) {
            seconds.add((long) random.nextInt((int) LAST_SECOND));
        }
        return seconds;
    }

    private List<FlowRecord> arrivedBy(long step, List<FlowRecord> left) {
        List<FlowRecord> arrived = left.stream()
                .filter(flow -> flow.end() - Flow.NOON <= step || random.nextInt(5) == 0)
                .toList();
        left.removeAll(Set.copyOf(arrived));
        return arrived;
    }

    private List<CoverageRecord> lostBy(long step, List<CoverageRecord> left) {
        List<CoverageRecord> arrived = left.stream()
                .filter(one -> one.end() - Flow.NOON <= step || random.nextInt(5) == 0)
                .toList();
        left.removeAll(arrived);
        return arrived;
    }

    private void maybeRestart(Harness harness) throws Exception {
        if (random.nextInt(6) < restartsInSix) {
            restarts++;
            harness.restart(PARALLELISM[restarts % PARALLELISM.length]);
        }
    }
}
