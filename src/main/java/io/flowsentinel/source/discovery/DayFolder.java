package io.flowsentinel.source.discovery;

import java.util.Comparator;
import org.apache.flink.core.fs.Path;

/**
 * A folder that holds the objects of a day or an hour, or hour folders. Ordered by time.
 *
 * @param start epoch seconds
 */
record DayFolder(long start, Path path) implements Comparable<DayFolder> {

    private static final Comparator<DayFolder> BY_TIME = Comparator.comparingLong(DayFolder::start)
            .thenComparing(day -> day.path().toString());

    @Override
    public int compareTo(DayFolder other) {
        return BY_TIME.compare(this, other);
    }
}
