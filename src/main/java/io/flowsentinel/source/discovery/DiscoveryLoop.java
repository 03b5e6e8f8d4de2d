package io.flowsentinel.source.discovery;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what each look at the roots covers, and bears failed ones for a while.
 *
 * <p>Later looks, when continuous, cover the
 * time in which nearly all is published, and on a slower beat all that can still change and places that are new.
 * {@link #look} runs on a worker thread, one at a time.
 */
public final class DiscoveryLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryLoop.class);

    /**
     * AWS publishes some 10 minutes after the fact; what comes later than the delay allowed and this is found on the
     * slower beat. Slots are open for less, so none is closed before a look has covered it, but for places that are new.
     */
    private static final Duration RECENT = Duration.ofHours(1);

    /** Full looks take no more than this share of the time, however much there is beside the flow logs. */
    private static final int SHARE_OF_FULL_LOOKS = 10;

    /** Else a bucket that takes hours to walk would hide new accounts for days. */
    private static final Duration LONGEST_REST = Duration.ofHours(6);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Waits; tests wait on a clock of their own. */
    public interface Pause {
        void await(Duration time) throws InterruptedException;
    }

    private final ObjectDiscovery discovery;
    private final DiscoverySettings settings;
    private final SlotRange range;
    private final Duration recent;
    private final Clock clock;
    private final Pause pause;
    private final AtomicLong failures = new AtomicLong();

    private SlotRange wanted;
    private boolean anew = true;
    private boolean full = true;
    private boolean answered;
    private boolean complete;
    private Instant began;
    private Instant fullBegan;
    private Duration worked = Duration.ZERO;
    private Instant nextFullLook = Instant.EPOCH;

    /** Where the full look begun last begins, and the one before it. */
    private Instant fullFrom;

    private volatile Instant fullFromBefore;

    /**
     * Prepares the first look.
     *
     * @param first what it covers
     * @param maxDelay how far a slot's closing is behind its objects' publishing
     */
    public DiscoveryLoop(
            ObjectDiscovery discovery,
            DiscoverySettings settings,
            SlotRange range,
            SlotRange first,
            Duration maxDelay,
            Clock clock,
            Pause pause) {
        this.discovery = discovery;
        this.settings = settings;
        this.clock = clock;
        this.pause = pause;
        this.range = range;
        this.recent = RECENT.plus(maxDelay);
        this.wanted = first;
        this.began = clock.instant();
        this.fullBegan = began;
        this.fullFrom = nextFullFrom();
        this.fullFromBefore = fullFrom;
    }

    /**
     * Goes on with the look under way, or begins the next one.
     *
     * @throws IOException when looks have failed for longer than the patience goes, or there is no use in trying again
     */
    public Discovered look() throws IOException {
        if (complete) {
            beginNext();
        }
        Instant before = clock.instant();
        Discovered discovered = patiently();
        Instant now = clock.instant();
        answered = true;
        anew = false;
        complete = discovered.isComplete();
        if (full) {
            // What counts is the work: a look that is partial waits for readers between its parts.
            worked = worked.plus(Duration.between(before, now));
        }
        if (complete && full) {
            Duration rest = shorter(worked.multipliedBy(SHARE_OF_FULL_LOOKS), LONGEST_REST);
            nextFullLook = now.plus(longer(rest, settings.fullInterval()));
        }
        return discovered;
    }

    /** How many looks have failed; for all threads. */
    public long failures() {
        return failures.get();
    }

    /**
     * Objects of slots before this moment are shown by no later look, nor by one whose answer is on its way, but for the
     * first look, which goes forward. For all threads.
     */
    public Instant showsNothingBefore() {
        return fullFromBefore;
    }

    private Instant nextFullFrom() {
        return fullBegan.minus(longer(settings.lookBack(), recent));
    }

    private void beginNext() {
        Instant now = clock.instant();
        full = !now.isBefore(nextFullLook);
        anew = full;
        // From when the look before began, not from now: one that took long leaves no gap behind.
        Instant from = full ? nextFullFrom() : began.minus(recent);
        wanted = range.notBefore(from.getEpochSecond());
        began = now;
        if (full) {
            fullFromBefore = fullFrom;
            fullFrom = from;
            fullBegan = now;
            worked = Duration.ZERO;
        }
    }

    private Discovered patiently() throws IOException {
        Instant since = null;
        Duration wait = FIRST_PAUSE;
        while (true) {
            try {
                return discovery.discover(wanted, anew);
            } catch (FileNotFoundException | InterruptedIOException noUse) {
                throw noUse;
            } catch (IOException failed) {
                failures.incrementAndGet();
                // Looks may take long: what counts is how long they have failed.
                since = since == null ? clock.instant() : since;
                Duration failing = Duration.between(since, clock.instant());
                boolean refused = !answered && StorageRefusal.is(failed);
                if (refused || failing.compareTo(settings.patience()) >= 0) {
                    throw failed;
                }
                LOG.warn("looking for objects fails since {}, trying again: {}", since, failed.getMessage(), failed);
                pause(wait);
                wait = shorter(wait.multipliedBy(2), LONGEST_PAUSE);
            }
        }
    }

    private void pause(Duration wait) throws InterruptedIOException {
        try {
            pause.await(wait);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting to look for objects again");
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
