package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Memory;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many there were in each of the latest points of time, empty ones included: what is usual for a count that has a
 * mean and a spread. Only points in which there was something are kept, so quiet subjects cost next to nothing.
 */
final class Points {

    /** How many points make up what is usual. */
    static final int MOST = 720;

    private static final String NAME = "points ";

    /** For so long a subject that rests is known to have had empty points. */
    private static final long KNOWN = 30 * 86_400L;

    private static final int HEAD = 1;

    private final NavigableMap<Long, Long> counts = new TreeMap<>();
    private long since = Long.MAX_VALUE;

    /**
     * What is usual.
     *
     * @param points how many there are
     * @param mean of a point
     * @param sigma standard deviation of the sample
     */
    record Usual(long points, double mean, double sigma) {}

    static Points read(Memory memory, String name) {
        Points points = new Points();
        long[] known = memory.get(NAME + name);
        if (known != null) {
            points.since = known[0];
            for (int i = HEAD; i < known.length; i += 2) {
                points.counts.put(known[i], known[i + 1]);
            }
        }
        return points;
    }

    /**
     * Adds to a point.
     *
     * @param point epoch seconds of its start
     */
    void add(long point, long count) {
        if (forgottenBy(point)) {
            counts.clear();
            since = Long.MAX_VALUE;
        }
        since = Math.min(since, point);
        counts.merge(point, count, Long::sum);
    }

    /** As many points as are asked about are kept, whatever their length: the latest. */
    void write(Memory memory, String name) {
        while (counts.size() > MOST) {
            counts.pollFirstEntry();
        }
        long[] numbers = new long[HEAD + 2 * counts.size()];
        numbers[0] = since;
        int next = HEAD;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            numbers[next++] = entry.getKey();
            numbers[next++] = entry.getValue();
        }
        memory.put(NAME + name, numbers);
    }

    /** What is usual before a point, by points of a length. */
    Usual before(long point, long length) {
        long first = Math.max(Math.floorDiv(since, length) * length, point - MOST * length);
        if (since == Long.MAX_VALUE || first >= point || forgottenBy(point)) {
            return new Usual(0, 0, 0);
        }
        Map<Long, Long> byPoint = new TreeMap<>();
        counts.subMap(first, true, point, false)
                .forEach((start, count) -> byPoint.merge(Math.floorDiv(start, length) * length, count, Long::sum));
        long points = (point - first) / length;
        double sum = 0;
        double squares = 0;
        for (long count : byPoint.values()) {
            sum += count;
            squares += (double) count * count;
        }
        double mean = sum / points;
        double variance = points < 2 ? 0 : Math.max(0, (squares - points * mean * mean) / (points - 1));
        return new Usual(points, mean, Math.sqrt(variance));
    }

    /** Whether it has rested for so long that it counts as forgotten, done or not. */
    private boolean forgottenBy(long point) {
        return !counts.isEmpty() && point - counts.lastKey() >= KNOWN;
    }

    /**
     * Forgets a subject that has rested for long.
     *
     * @return when to ask again; {@link Long#MAX_VALUE} where nothing is left
     */
    static long forget(Memory memory, String name, long time) {
        long[] known = memory.get(NAME + name);
        if (known == null) {
            return Long.MAX_VALUE;
        }
        long forgotten = known[known.length - 2] + KNOWN;
        if (forgotten > time) {
            return forgotten;
        }
        memory.remove(NAME + name);
        return Long.MAX_VALUE;
    }
}
