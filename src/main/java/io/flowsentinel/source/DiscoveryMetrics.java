package io.flowsentinel.source;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/**
 * What the enumerator shows of its work: {@code objectsFound}, {@code objectsFinished}, {@code objectsPending},
 * {@code objectsStray}, {@code eventTimeSeconds} (epoch; 0 before the first slot is closed), {@code slotSeconds},
 * {@code listCalls}, {@code discoveryFailures}.
 */
final class DiscoveryMetrics {

    private final Counter listCalls;
    private final Counter failures;

    DiscoveryMetrics(SplitEnumeratorMetricGroup group, SlotTracker tracker, StrayBook strays, SlotClosing closing) {
        group.gauge("objectsFound", tracker::objectsFound);
        group.gauge("objectsFinished", tracker::objectsFinished);
        group.gauge("objectsPending", tracker::objectsWaiting);
        group.gauge("objectsStray", strays::count);
        group.gauge("slotSeconds", () -> Math.max(0, tracker.closedSlot()));
        group.gauge("eventTimeSeconds", () -> Math.max(0, closing.eventTimeMillis() / 1000));
        group.setUnassignedSplitsGauge(() -> (long) tracker.objectsWaiting());
        listCalls = group.counter("listCalls");
        failures = group.counter("discoveryFailures");
    }

    void listed(long calls) {
        listCalls.inc(calls);
    }

    void listingFailed() {
        failures.inc();
    }
}
