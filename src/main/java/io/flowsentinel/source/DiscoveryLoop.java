package io.flowsentinel.source;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.util.FlinkRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what each look at the roots covers and how many failed looks in a row are borne. {@link #look} runs on a
 * worker thread, one at a time; {@link #succeeded} and {@link #failed} on the enumerator's.
 */
final class DiscoveryLoop {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryLoop.class);

    /** The client below has retried each call already; so many looks in a row is more than a hiccup. */
    private static final int MAX_FAILURES_IN_A_ROW = 5;

    private final ObjectDiscovery discovery;
    private final SlotRange range;
    private final SlotRange firstRange;
    private final boolean continuous;
    private final Duration lookBack;
    private final Clock clock;
    private boolean lookedOnce;
    private int failuresInARow;

    DiscoveryLoop(ObjectDiscovery discovery, SourceSettings settings, DiscoveryProgress progress, Clock clock) {
        this.discovery = discovery;
        this.continuous = settings.continuous();
        this.lookBack = settings.discovery().lookBack();
        this.clock = clock;
        this.range = settings.range();
        this.firstRange = firstRange(progress.closedSlot());
    }

    /** The first look covers the whole range, after a restore what is not closed; later looks what can still change. */
    Discovered look() throws IOException {
        SlotRange wanted = lookedOnce ? range.notBefore(lookBackFrom(clock.instant())) : firstRange;
        Discovered discovered = discovery.discover(wanted);
        lookedOnce = true;
        return discovered;
    }

    void succeeded() {
        failuresInARow = 0;
    }

    /** Bears the failure or throws: a bounded reading has only one look, and the job's restarts are its retries. */
    void failed(Throwable failure) {
        failuresInARow++;
        if (!continuous || failuresInARow >= MAX_FAILURES_IN_A_ROW) {
            throw new FlinkRuntimeException(failure.getMessage(), failure);
        }
        LOG.warn("looking for objects failed {} times in a row", failuresInARow, failure);
    }

    private SlotRange firstRange(long closedSlot) {
        if (closedSlot == Long.MIN_VALUE) {
            return range;
        }
        return range.notBefore(continuous ? closedSlot - lookBack.toSeconds() : closedSlot);
    }

    private long lookBackFrom(Instant now) {
        return now.minus(lookBack).getEpochSecond();
    }
}
