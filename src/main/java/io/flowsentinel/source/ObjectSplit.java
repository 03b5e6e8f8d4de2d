package io.flowsentinel.source;

import io.flowsentinel.source.discovery.LogObject;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * An object with how far it has been read.
 *
 * @param object what to read
 * @param lines how many of its lines have been given out
 * @param storedBytes how many of its bytes, as it is stored, have been accounted for
 * @param over whether what belongs to the object as a whole has been given out too
 * @param latestSeconds the latest event second in those lines; {@link Long#MIN_VALUE} if none
 * @param late whether the object was found after its slot had been closed, so that event time does not wait for it
 */
public record ObjectSplit(
        LogObject object, long lines, long storedBytes, boolean over, long latestSeconds, boolean late)
        implements SourceSplit {

    static ObjectSplit unread(LogObject object, boolean late) {
        return new ObjectSplit(object, 0, 0, false, Long.MIN_VALUE, late);
    }

    ObjectSplit readOn(long newLines, long newBytes, long latest) {
        return new ObjectSplit(
                object, lines + newLines, storedBytes + newBytes, over, Math.max(latestSeconds, latest), late);
    }

    ObjectSplit ended() {
        return new ObjectSplit(object, lines, storedBytes, true, latestSeconds, late);
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
        return lines > 0 || storedBytes > 0 || over || late;
    }

    @Override
    public String toString() {
        return object.uri() + " from line " + (lines + 1);
    }
}
