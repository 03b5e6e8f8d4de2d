package io.flowsentinel.detect.rule;

import io.flowsentinel.detect.judging.Memory;
import java.util.List;
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

    /** Where the memory keeps since when the subject is known, and the hour in which it was last there. */
    private static final String PRESENT = "#present";

    /** For so long a subject that rests is known to have had empty points. */
    private static final long KNOWN = 30 * 86_400L;

    /** Seconds; when it was last there is known by the hour. */
    static final long HOUR = 3_600;

    private final NavigableMap<Long, Long> counts = new TreeMap<>();

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
            for (int i = 0; i < known.length; i += 2) {
                points.counts.put(known[i], known[i + 1]);
            }
        }
        return points;
    }

    /**
     * Notes that the subject was there, whatever it did; points come in their order. Which of the later points of an hour
     * are told makes no difference.
     *
     * @param point epoch seconds of its start
     */
    static void present(Memory memory, long point) {
        long hour = Math.floorDiv(point, HOUR) * HOUR;
        long[] known = memory.get(PRESENT);
        if (known == null || hour - known[1] >= KNOWN) {
            memory.put(PRESENT, new long[] {point, hour});
        } else if (hour > known[1]) {
            memory.put(PRESENT, new long[] {known[0], hour});
        }
    }

    /** Start of the first point of a subject that is known at a moment; {@link Long#MAX_VALUE} where it is not. */
    static long since(Memory memory, long moment) {
        long[] known = memory.get(PRESENT);
        return known == null || moment - known[1] >= KNOWN ? Long.MAX_VALUE : known[0];
    }

    /**
     * Adds to a point.
     *
     * @param point epoch seconds of its start
     */
    void add(long point, long count) {
        counts.merge(point, count, Long::sum);
    }

    /** As many points as are asked about are kept, whatever their length: the latest. */
    void write(Memory memory, String name) {
        while (counts.size() > MOST) {
            counts.pollFirstEntry();
        }
        long[] numbers = new long[2 * counts.size()];
        int next = 0;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            numbers[next++] = entry.getKey();
            numbers[next++] = entry.getValue();
        }
        memory.put(NAME + name, numbers);
    }

    /**
     * What is usual before a point, by points of a length.
     *
     * @param since start of the first point in which the subject is known; {@link Long#MAX_VALUE} for none
     */
    Usual before(long point, long length, long since) {
        long first = Math.max(Math.floorDiv(since, length) * length, point - MOST * length);
        if (since == Long.MAX_VALUE || first >= point) {
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

    /**
     * Forgets a subject that has rested for long.
     *
     * @param names of all its points
     * @return when to ask again; {@link Long#MAX_VALUE} where nothing is left
     */
    static long forget(Memory memory, List<String> names, long time) {
        long[] known = memory.get(PRESENT);
        if (known == null) {
            return Long.MAX_VALUE;
        }
        long forgotten = known[1] + KNOWN;
        if (forgotten > time) {
            return forgotten;
        }
        names.forEach(name -> memory.remove(NAME + name));
        memory.remove(PRESENT);
        return Long.MAX_VALUE;
    }
}
