package io.flowsentinel.source;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * An object with how far it has been read.
 *
 * @param object what to read
 * @param lines how many of its lines have been given out
 * @param over whether what belongs to the object as a whole has been given out too
 * @param latestSeconds the latest event second, known once the object is over; else {@link Long#MIN_VALUE}
 * @param late whether the object was found after its slot had been closed, so that event time does not wait for it
 */
public record ObjectSplit(LogObject object, long lines, boolean over, long latestSeconds, boolean late)
        implements SourceSplit {

    static ObjectSplit unread(LogObject object, boolean late) {
        return new ObjectSplit(object, 0, false, Long.MIN_VALUE, late);
    }

    @Override
    public String splitId() {
        return object.id();
    }

    long slot() {
        return object.slotSeconds();
    }

    /** Whether a new listing would not bring this split back as it is. */
    boolean isBegun() {
        return lines > 0 || over || late;
    }

    @Override
    public String toString() {
        return object.uri() + " from line " + (lines + 1);
    }
}
