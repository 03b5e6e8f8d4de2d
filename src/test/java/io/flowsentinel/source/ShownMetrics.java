package io.flowsentinel.source;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** The gauges an enumerator registers, as a reporter reads them. */
final class ShownMetrics extends UnregisteredMetricsGroup implements SplitEnumeratorMetricGroup {

    private final Map<String, Gauge<?>> gauges = new ConcurrentHashMap<>();

    long get(String name) {
        return ((Number) gauges.get(name).getValue()).longValue();
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
        // As Flink does: the first of a name is the one that is shown.
        gauges.putIfAbsent(name, gauge);
        return gauge;
    }

    @Override
    public <G extends Gauge<Long>> G setUnassignedSplitsGauge(G gauge) {
        return gauge("unassignedSplits", gauge);
    }
}
