package io.flowsentinel.source.discovery;

import java.util.Comparator;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/** A year, month, day or hour folder. Ordered by time, and the longer one first. */
record TimedFolder(DatedFolder time, Path path) implements Comparable<TimedFolder> {

    private static final Comparator<TimedFolder> BY_TIME = Comparator.comparingLong(
                    (TimedFolder folder) -> folder.time().start())
            .thenComparingLong(folder -> -folder.time().end())
            .thenComparing(folder -> folder.path().toString());

    /** Reads the time from the folder's key; empty for a folder that stands for none. */
    static Optional<TimedFolder> of(Path path) {
        return DatedFolder.ofKey(Keys.of(path)).map(time -> new TimedFolder(time, path));
    }

    @Override
    public int compareTo(TimedFolder other) {
        return BY_TIME.compare(this, other);
    }
}
