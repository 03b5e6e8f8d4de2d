package io.flowsentinel.detect.judging;

import io.flowsentinel.model.Alert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is kept of one {@link Cell}: of what counts how much there is and the first few samples, of a fact its bits.
 * Tallies add up: whatever order things come in, and however they are added up before, the result is the same.
 */
public final class Tally {

    /** Moments that are told apart; beyond it the earliest are kept. */
    public static final int MAX_MOMENTS = 600;

    /** Of what keeps none. */
    public static final long[] NO_MOMENTS = new long[0];

    /** Where moments outgrow their array there is room for twice as many and these: most have one, and few get many. */
    private static final int ROOM = 6;

    private List<Sample> firsts;

    /** Whether somebody else may read the list: it is not changed then, but copied first. */
    private boolean shared = true;

    /** When the last of them begins, once as many are kept as can be: nearly all that comes is later. */
    private long lastFirst = Long.MAX_VALUE;

    private long count;
    private long packets;
    private long bytes;
    private long lastStart;
    private boolean coverageGap;
    private int facts;

    /** Sorted. Only where there is room for more of them is the array nobody else's, and may be changed. */
    private long[] moments;

    private int momentCount;

    /** Null where nothing is weighed. */
    private Sample heaviest;

    private long weight;

    /** Nothing yet. */
    public Tally() {
        this(List.of(), 0, 0, 0, Long.MIN_VALUE, false, 0, NO_MOMENTS);
    }

    /**
     * A tally as it was kept.
     *
     * @param firsts sorted by start, then id; not changed
     * @param lastStart epoch seconds; {@link Long#MIN_VALUE} for a fact
     * @param moments sorted, {@link #MAX_MOMENTS} at most; not changed
     */
    public Tally(
            List<Sample> firsts,
            long count,
            long packets,
            long bytes,
            long lastStart,
            boolean coverageGap,
            int facts,
            long[] moments) {
        this.firsts = firsts;
        this.count = count;
        this.packets = packets;
        this.bytes = bytes;
        this.lastStart = lastStart;
        this.coverageGap = coverageGap;
        this.facts = facts;
        this.moments = moments;
        this.momentCount = moments.length;
    }

    /** One thing that counts. */
    public static Tally of(Sample sample, boolean coverageGap) {
        return new Tally(List.of(sample), 1, 0, 0, sample.start(), coverageGap, 0, NO_MOMENTS);
    }

    /** A thing that counts, with how much it carried. */
    public static Tally of(Sample sample, long packets, long bytes, boolean coverageGap) {
        return new Tally(List.of(sample), 1, packets, bytes, sample.start(), coverageGap, 0, NO_MOMENTS);
    }

    /** How much was carried, where it is something else that counts. */
    public static Tally carried(Sample sample, long packets, long bytes) {
        return new Tally(List.of(sample), 0, packets, bytes, sample.start(), false, 0, NO_MOMENTS);
    }

    /** A thing whose moment counts too, such as when a beacon spoke and how much it said. */
    public static Tally at(Sample sample, long moment, boolean coverageGap) {
        return new Tally(List.of(sample), 1, 0, 0, sample.start(), coverageGap, 0, new long[] {moment});
    }

    /** What else is known. */
    public static Tally fact(int facts) {
        return new Tally(List.of(), 0, 0, 0, Long.MIN_VALUE, false, facts, NO_MOMENTS);
    }

    /** What else is known, and how often: it counts for nobody's threshold. */
    public static Tally fact(int facts, long times) {
        return new Tally(List.of(), times, 0, 0, Long.MIN_VALUE, false, facts, NO_MOMENTS);
    }

    /** Takes in another, which is not changed. */
    public void add(Tally other) {
        count += other.count;
        packets += other.packets;
        bytes += other.bytes;
        lastStart = Math.max(lastStart, other.lastStart);
        coverageGap |= other.coverageGap;
        facts |= other.facts;
        takeIn(other.firsts);
        if (other.heaviest != null) {
            weigh(other.heaviest, other.weight);
        }
        if (other.momentCount == 1) {
            takeIn(other.moments[0]);
        } else if (other.momentCount > 0) {
            moments = merged(moments(), other.moments());
            momentCount = moments.length;
        }
    }

    private void weigh(Sample sample, long more) {
        boolean heavier =
                heaviest == null || more > weight || more == weight && Sample.BY_START.compare(sample, heaviest) < 0;
        if (heavier) {
            heaviest = sample;
            weight = more;
        }
    }

    /** The same, with the heaviest of what it adds up; null for none. */
    public Tally heaviest(Sample sample, long amount) {
        heaviest = sample;
        weight = amount;
        return this;
    }

    /** Takes in samples where they belong, as far as they are kept. */
    private void takeIn(List<Sample> more) {
        if (firsts.size() == Alert.MAX_EVIDENCE
                && !more.isEmpty()
                && more.get(0).start() > lastFirst) {
            return;
        }
        for (Sample sample : more) {
            int at = firsts.size();
            while (at > 0 && Sample.BY_START.compare(firsts.get(at - 1), sample) > 0) {
                at--;
            }
            if (at == Alert.MAX_EVIDENCE) {
                return; // those behind it come later still
            }
            if (shared) {
                firsts = new ArrayList<>(firsts);
                shared = false;
            }
            firsts.add(at, sample);
            if (firsts.size() > Alert.MAX_EVIDENCE) {
                firsts.remove(Alert.MAX_EVIDENCE);
            }
            lastFirst = firsts.get(firsts.size() - 1).start();
        }
    }

    /** Of most there is none that is later, so it is looked for from the end. */
    private void takeIn(long moment) {
        if (momentCount == MAX_MOMENTS && moment >= moments[momentCount - 1]) {
            return;
        }
        if (momentCount == moments.length) {
            moments = Arrays.copyOf(moments, Math.min(2 * momentCount + ROOM, MAX_MOMENTS + 1));
        }
        int at = momentCount;
        while (at > 0 && moments[at - 1] > moment) {
            moments[at] = moments[at - 1];
            at--;
        }
        moments[at] = moment;
        momentCount = Math.min(momentCount + 1, MAX_MOMENTS);
    }

    private static long[] merged(long[] known, long[] more) {
        long[] all = Arrays.copyOf(known, known.length + more.length);
        System.arraycopy(more, 0, all, known.length, more.length);
        Arrays.sort(all);
        return all.length > MAX_MOMENTS ? Arrays.copyOf(all, MAX_MOMENTS) : all;
    }

    /**
     * Keeps the first sample alone: what is left does not depend on what an overflow made room for. That records were
     * lost around others cannot be told then.
     */
    public Tally firstOnly() {
        Sample first = first();
        long[] firstMoment = momentCount == 0 ? NO_MOMENTS : new long[] {moments[0]};
        return new Tally(List.of(first), 1, 0, 0, first.start(), false, 0, firstMoment);
    }

    /** The same, to be added to without changing this one. */
    public Tally copy() {
        shared = true;
        return new Tally(firsts, count, packets, bytes, lastStart, coverageGap, facts, moments())
                .heaviest(heaviest, weight);
    }

    /** The first sample by start, then id. */
    public Sample first() {
        return firsts.get(0);
    }

    /** Sorted by start, then id; at most {@link Alert#MAX_EVIDENCE}; empty for a fact. Not to be changed. */
    public List<Sample> firsts() {
        shared = true;
        return firsts;
    }

    /** How many connections, or records; of a fact how often it was told with a number. */
    public long count() {
        return count;
    }

    /** Sum over those that were added with an amount. */
    public long packets() {
        return packets;
    }

    /** Sum over those that were added with an amount. */
    public long bytes() {
        return bytes;
    }

    /** Of things that were weighed the heaviest, of equally heavy ones the first; null where none was. */
    public Sample heaviest() {
        return heaviest;
    }

    /** What the heaviest weighs. */
    public long weight() {
        return weight;
    }

    /** Epoch seconds of the last start. */
    public long lastStart() {
        return lastStart;
    }

    /** Whether records may have been lost around anything that counts. */
    public boolean coverageGap() {
        return coverageGap;
    }

    /** Bits whose meaning is the family's. */
    public int facts() {
        return facts;
    }

    /** How many {@link #moments} there are. */
    public int momentCount() {
        return momentCount;
    }

    /** Sorted; empty where the family keeps none; may be a copy. Not to be changed. */
    public long[] moments() {
        return momentCount == moments.length ? moments : Arrays.copyOf(moments, momentCount);
    }
}
