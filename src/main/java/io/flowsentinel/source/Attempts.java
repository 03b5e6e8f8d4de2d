package io.flowsentinel.source;

import io.flowsentinel.source.discovery.StorageRefusal;
import io.flowsentinel.source.lines.CorruptObjectException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import org.apache.flink.util.ExceptionUtils;

/**
 * Counts the failed attempts at one object and says whether there is another one, and when.
 *
 * <p>A storage that fails may come back: the wait doubles each time. What arrived whole and is corrupt is fetched once
 * more at once, in case it was spoilt on its way. A missing object is asked for a second time and then given up: a storage
 * that has just been told of an object may not know it everywhere yet. So is one that the storage refuses to give, if
 * others can be read: else the credentials are what is wrong, and they may be renewed.
 */
final class Attempts {

    /** There is no further attempt. */
    static final long NO_MORE = -1;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** Of an object that is at fault itself. */
    private static final int TWICE = 2;

    private final SourceSettings.Reading settings;
    private Duration nextWait;
    private int failed;
    private int corrupt;
    private int missing;
    private int refused;

    Attempts(SourceSettings.Reading settings) {
        this.settings = settings;
        this.nextWait = shorter(settings.backOff());
    }

    /**
     * Takes note of a failed attempt; nanoseconds until the next one, or {@link #NO_MORE}.
     *
     * @param othersRead whether other objects have been read since the first failed attempt at this one
     */
    long failed(IOException fault, boolean othersRead) {
        failed++;
        boolean isCorrupt = fault instanceof CorruptObjectException;
        corrupt += isCorrupt ? 1 : 0;
        missing += isMissing(fault) ? 1 : 0;
        refused += StorageRefusal.is(fault) ? 1 : 0;
        boolean isItsOwn = corrupt == TWICE || missing == TWICE || (refused >= TWICE && othersRead);
        if (isItsOwn || failed >= settings.attempts()) {
            return NO_MORE;
        }
        return isCorrupt ? 0 : takeWait().toNanos();
    }

    /** How many attempts have failed. */
    int failed() {
        return failed;
    }

    private Duration takeWait() {
        Duration wait = nextWait;
        nextWait = shorter(wait.multipliedBy(2));
        return wait;
    }

    private static Duration shorter(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private static boolean isMissing(IOException fault) {
        return ExceptionUtils.findThrowable(fault, FileNotFoundException.class).isPresent();
    }
}
