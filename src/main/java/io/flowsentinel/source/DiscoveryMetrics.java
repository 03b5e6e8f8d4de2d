package io.flowsentinel.source;

import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import javax.annotation.Nullable;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * What the enumerator shows of its work, all as gauges; seconds are epoch seconds, 0 while there is none.
 *
 * <ul>
 *   <li>{@code objectsFound}, {@code objectsFinished} (read or failed), {@code objectsPending} (found, not yet handed
 *       out), {@code objectsFoundLate} (after their slot was closed), {@code objectsStray}
 *   <li>{@code listCalls}, {@code listFailures}, {@code allFound} (1 once all objects of the range were looked for)
 *   <li>{@code slotSeconds} (the last closed slot), {@code oldestOpenSlotSeconds}, {@code eventTimeSeconds},
 *       {@code lagSeconds} (how far event time is behind now)
 * </ul>
 *
 * <p>Reporters read on threads of their own, so what they see is a copy.
 *
 * <p>Outlives an enumerator: after a failure of the whole job another one takes its place in the same group of metrics,
 * and of two gauges of a name the first is the one that is shown.
 */
final class DiscoveryMetrics {

    private final Clock clock;
    private volatile LongSupplier listFailures = () -> 0;

    @Nullable
    private volatile Shown shown;

    /** A moment's figures; seconds and milliseconds of the epoch, {@link Long#MIN_VALUE} for none. */
    record Shown(
            DiscoveryTotals totals,
            long finished,
            long pending,
            long foundLate,
            long oldestOpenSlot,
            long eventTimeMillis,
            boolean allFound) {}

    DiscoveryMetrics(SplitEnumeratorMetricGroup group, Clock clock) {
        this.clock = clock;
        gauge(group, "objectsFound", now -> now.totals().objectsFound());
        gauge(group, "objectsFinished", Shown::finished);
        gauge(group, "objectsPending", Shown::pending);
        gauge(group, "objectsFoundLate", Shown::foundLate);
        gauge(group, "objectsStray", now -> now.totals().strays());
        gauge(group, "listCalls", now -> now.totals().listCalls());
        group.gauge("listFailures", () -> listFailures.getAsLong());
        gauge(group, "allFound", now -> now.allFound() ? 1 : 0);
        gauge(group, "slotSeconds", now -> Math.max(0, now.totals().slotSeconds()));
        gauge(group, "oldestOpenSlotSeconds", now -> Math.max(0, now.oldestOpenSlot()));
        gauge(group, "eventTimeSeconds", now -> Math.max(0, now.eventTimeMillis() / 1000));
        gauge(group, "lagSeconds", this::lagSeconds);
        group.setUnassignedSplitsGauge(() -> read(Shown::pending));
    }

    /** Begins to show what another enumerator does. */
    void begin(LongSupplier failuresOfLooks) {
        // Read while a look fails, when nothing else moves.
        listFailures = failuresOfLooks;
        shown = null;
    }

    void show(Shown now) {
        shown = now;
    }

    private void gauge(SplitEnumeratorMetricGroup group, String name, ToLongFunction<Shown> figure) {
        group.gauge(name, () -> read(figure));
    }

    private long read(ToLongFunction<Shown> figure) {
        Shown now = shown;
        return now == null ? 0 : figure.applyAsLong(now);
    }

    private long lagSeconds(Shown now) {
        long reached = now.eventTimeMillis();
        return reached == Long.MIN_VALUE ? 0 : Math.max(0, clock.millis() - reached) / 1000;
    }
}
