package io.flowsentinel.detect.rule;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How much a pair's connections look like a machine's that calls home, after RITA v5: each part from 0 to 1, and so the
 * mean of the four.
 *
 * <p>Where RITA differs, and why: it rounds every part to three digits, throws out one hour and takes counts within 5 %
 * of each other for the same; here nothing is rounded, left out or lumped together. It lets a run of hours go on from the
 * end of the day to its beginning, which in a sliding window are a day apart. As there, opens of the same second are one:
 * two connections each time say nothing about the time between.
 *
 * @param timestamp how even the time between two opens is
 * @param dataSize how even the originator's bytes are
 * @param duration how long it has gone on; 0 below six hours with opens, so that until then nothing is over 0.75
 * @param histogram how alike the hours are
 * @param interval seconds: the median time between two opens
 */
record BeaconScore(double timestamp, double dataSize, double duration, double histogram, double interval) {

    /** Fewer opens make fewer than three intervals, of which there are no quartiles. */
    static final int LEAST_OPENS = 4;

    private static final long HOUR = 3_600;
    private static final double LEAST_RANGE = 10;
    private static final int LEAST_HOURS = 6;
    private static final double LONG_RUN = 12;
    private static final int LEAST_HOURS_OF_TWO_MODES = 11;

    /**
     * The score of opens and of what the originator sent; neither need be sorted.
     *
     * @param opens epoch seconds, all in the window
     * @param bytes of the originator, one number an open
     * @param from start of the window, at a full hour
     * @param to its end, likewise
     * @return empty where there are fewer than {@link #LEAST_OPENS} different opens
     */
    static Optional<BeaconScore> of(long[] opens, long[] bytes, long from, long to) {
        long[] sorted = LongStream.of(opens).sorted().toArray();
        long[] distinct = LongStream.of(sorted).distinct().toArray();
        if (distinct.length < LEAST_OPENS) {
            return Optional.empty();
        }
        double[] intervals = intervals(distinct);
        double[] sizes = LongStream.of(bytes).sorted().asDoubleStream().toArray();
        int[] hours = hours(sorted, from, to);
        return Optional.of(new BeaconScore(
                evenness(intervals),
                evenness(sizes),
                duration(hours, coverage(sorted[0], sorted[sorted.length - 1], from, to)),
                histogram(hours),
                median(intervals, 0, intervals.length)));
    }

    /**
     * What the {@link #total} is at the most, whatever lies between the opens and whatever was sent: of most pairs that
     * talk all day their hours alone say enough, and to count them takes no sorting of what they opened.
     *
     * @param opens as in {@link #of}
     * @return 0 where there are fewer than {@link #LEAST_OPENS}
     */
    static double atMost(long[] opens, long from, long to) {
        if (opens.length < LEAST_OPENS) {
            return 0;
        }
        int[] hours = hours(opens, from, to);
        long first = LongStream.of(opens).min().orElseThrow();
        long last = LongStream.of(opens).max().orElseThrow();
        return new BeaconScore(1, 1, duration(hours, coverage(first, last, from, to)), histogram(hours), 0).total();
    }

    private static double coverage(long first, long last, long from, long to) {
        return (double) (last - first) / (to - from);
    }

    /** The mean of the four. */
    double total() {
        return (timestamp + dataSize + duration + histogram) / 4;
    }

    private static double[] intervals(long[] opens) {
        double[] intervals = new double[opens.length - 1];
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = opens[i + 1] - opens[i];
        }
        Arrays.sort(intervals);
        return intervals;
    }

    /** How many opens each hour of the window has. */
    private static int[] hours(long[] opens, long from, long to) {
        int[] hours = new int[(int) ((to - from) / HOUR)];
        for (long open : opens) {
            hours[(int) ((open - from) / HOUR)]++;
        }
        return hours;
    }

    /** The mean of what symmetry and closeness say of sorted values. */
    private static double evenness(double[] sorted) {
        return (1 - Math.abs(skewness(sorted)) + closeness(sorted)) / 2;
    }

    /** Bowley's. The halves leave out the middle one. */
    private static double skewness(double[] sorted) {
        int half = sorted.length / 2;
        double low = median(sorted, 0, half);
        double middle = median(sorted, 0, sorted.length);
        double high = median(sorted, sorted.length - half, sorted.length);
        if (high - low < LEAST_RANGE || middle == low || middle == high) {
            return 0;
        }
        return (low + high - 2 * middle) / (high - low);
    }

    /** 1 less the median absolute deviation as a share of the median. */
    private static double closeness(double[] sorted) {
        double median = median(sorted, 0, sorted.length);
        if (median == 0) {
            return 0;
        }
        double[] deviations = Arrays.stream(sorted)
                .map(value -> Math.abs(value - median))
                .sorted()
                .toArray();
        return Math.max(0, 1 - median(deviations, 0, deviations.length) / median);
    }

    private static double median(double[] sorted, int from, int to) {
        int middle = (from + to) / 2;
        return (to - from) % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double duration(int[] hours, double coverage) {
        if (busy(hours) < LEAST_HOURS) {
            return 0;
        }
        int longest = 0;
        int run = 0;
        for (int opens : hours) {
            run = opens == 0 ? 0 : run + 1;
            longest = Math.max(longest, run);
        }
        return Math.min(1, Math.max(coverage, longest / LONG_RUN));
    }

    private static double histogram(int[] hours) {
        return Math.max(flatness(hours), shareOfTwoModes(hours));
    }

    /** 1 less the coefficient of variation, from the hour of the first open on. */
    private static double flatness(int[] hours) {
        int first = 0;
        while (hours[first] == 0) {
            first++;
        }
        int[] since = Arrays.copyOfRange(hours, first, hours.length);
        double mean = Arrays.stream(since).average().orElseThrow();
        double variance = Arrays.stream(since)
                .mapToDouble(opens -> (opens - mean) * (opens - mean))
                .average()
                .orElseThrow();
        return Math.max(0, 1 - Math.sqrt(variance) / mean);
    }

    /** The share of the hours with opens that have one of the two most frequent counts. */
    private static double shareOfTwoModes(int[] hours) {
        int busy = busy(hours);
        if (busy < LEAST_HOURS_OF_TWO_MODES) {
            return 0;
        }
        Map<Integer, Integer> frequencies = new HashMap<>();
        for (int opens : hours) {
            if (opens > 0) {
                frequencies.merge(opens, 1, Integer::sum);
            }
        }
        int[] sorted = frequencies.values().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        int second = sorted.length > 1 ? sorted[sorted.length - 2] : 0;
        return (double) (sorted[sorted.length - 1] + second) / busy;
    }

    private static int busy(int[] hours) {
        return (int) Arrays.stream(hours).filter(opens -> opens > 0).count();
    }
}
