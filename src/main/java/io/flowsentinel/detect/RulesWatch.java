package io.flowsentinel.detect;

import io.flowsentinel.detect.settings.InvalidRules;
import io.flowsentinel.detect.settings.Rules;
import io.flowsentinel.detect.settings.RulesFiles;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.annotation.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads rules files again when they were written, on a thread of its own: a file may be large, and its disk slow. What
 * cannot be used is told once and changes nothing.
 */
final class RulesWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RulesWatch.class);

    private final RulesFiles files;
    private final AtomicReference<Rules> read = new AtomicReference<>();
    private final AtomicLong rejected = new AtomicLong();

    /** Why what was read last cannot be used; empty where it can. */
    private volatile String fault = "";

    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> looking;

    /** How the files looked when they were last read, or last at rest. */
    private String known;

    private String seen;

    /** @param interval between two looks */
    RulesWatch(RulesFiles files, Duration interval) {
        this.files = files;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "watch-rules-files");
            made.setDaemon(true);
            return made;
        });
        this.looking = thread.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The rules as last read since this was last asked; null for no news. */
    Rules take() {
        return read.getAndSet(null);
    }

    /** Why the files cannot be used as they are now; empty where they can. */
    String fault() {
        return fault;
    }

    /** How often what was read could not be used. */
    long rejected() {
        return rejected.get();
    }

    /** Nothing may end the looking: what is thrown here would, and in silence. */
    private void look() {
        try {
            readIfChanged();
        } catch (InvalidRules e) {
            reject(e.getMessage(), null);
        } catch (Throwable e) {
            reject("they cannot be read: " + e, e);
        }
    }

    /** A file that looks as it did a look ago is at rest: nobody is writing it just now. */
    private void readIfChanged() {
        String stamp = files.stamp();
        boolean atRest = stamp.equals(seen);
        seen = stamp;
        if (atRest && !stamp.equals(known)) {
            known = stamp;
            read.set(files.readAgain());
            fault = "";
        }
    }

    private void reject(String why, @Nullable Throwable cause) {
        fault = WatchRules.NOT_CHANGED + ", the former ones stay in force: " + why;
        rejected.incrementAndGet();
        LOG.error(fault, cause);
    }

    @Override
    public void close() {
        looking.cancel(true);
        thread.shutdownNow();
    }
}
