package io.flowsentinel.local;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

/** Watches the few metrics of the source that tell how far a job in this JVM has come. */
final class ProgressMetrics implements MetricReporter {

    private static final String OBJECTS_FOUND = "objectsFound";
    private static final String ALL_FOUND = "allFound";
    private static final String OBJECTS_FINISHED = "objectsFinished";
    private static final String EVENT_TIME = "eventTimeSeconds";
    private static final String CLOSED_SLOT = "slotSeconds";
    private static final String LINES = "linesRead";
    private static final String FORMATS = "formats";
    private static final String RULES_NEWS = "rulesNews";
    private static final Set<String> WATCHED =
            Set.of(OBJECTS_FOUND, ALL_FOUND, OBJECTS_FINISHED, EVENT_TIME, CLOSED_SLOT, LINES, FORMATS, RULES_NEWS);

    private final Map<Metric, String> metrics = new ConcurrentHashMap<>();

    /**
     * What metrics said last before they went: tasks end before their job does. Counters go on where they ended when a
     * task is started again; a gauge says the whole of it once more.
     */
    private final Map<String, AtomicLong> gone = new ConcurrentHashMap<>();

    /** The formats of the gauges that are gone. */
    private final Set<String> formats = ConcurrentHashMap.newKeySet();

    /** Zeros while no job runs. */
    Progress now() {
        return new Progress(
                value(OBJECTS_FINISHED), value(OBJECTS_FOUND), value(ALL_FOUND) > 0, value(LINES), value(EVENT_TIME));
    }

    /** The last slot all of which was read, epoch seconds; 0 or less while there is none. */
    long closedSlot() {
        return value(CLOSED_SLOT);
    }

    /** All formats that objects had so far, each as its fields. */
    Set<Set<String>> formats() {
        metrics.forEach((metric, name) -> noteFormats(metric, name));
        Set<Set<String>> all = new HashSet<>();
        formats.forEach(format -> all.add(new LinkedHashSet<>(List.of(format.split(" ")))));
        return all;
    }

    /** What is to be told of the rules now, one line; empty for nothing. */
    String rulesNews() {
        for (Map.Entry<Metric, String> one : metrics.entrySet()) {
            if (one.getValue().equals(RULES_NEWS)) {
                return text(one.getKey());
            }
        }
        return "";
    }

    private void noteFormats(Metric metric, String name) {
        if (name.equals(FORMATS) && !text(metric).isEmpty()) {
            formats.addAll(List.of(text(metric).split("\n")));
        }
    }

    private static String text(Metric metric) {
        return metric instanceof Gauge<?> gauge && gauge.getValue() instanceof String text ? text : "";
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (WATCHED.contains(name)) {
            metrics.put(metric, name);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        if (metrics.remove(metric) == null) {
            return;
        }
        noteFormats(metric, name);
        AtomicLong before = gone.computeIfAbsent(name, unused -> new AtomicLong());
        if (metric instanceof Counter) {
            before.addAndGet(read(metric));
        } else {
            before.set(read(metric));
        }
    }

    @Override
    public void open(MetricConfig config) {
        // Nothing to set up: the watcher asks.
    }

    @Override
    public void close() {
        metrics.clear();
    }

    private long value(String name) {
        AtomicLong before = gone.get(name);
        long counted = before == null ? 0 : before.get();
        for (Map.Entry<Metric, String> entry : metrics.entrySet()) {
            if (entry.getValue().equals(name)) {
                long present = read(entry.getKey());
                counted = entry.getKey() instanceof Counter ? counted + present : present;
            }
        }
        return counted;
    }

    private static long read(Metric metric) {
        if (metric instanceof Counter counter) {
            return counter.getCount();
        }
        return metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number ? number.longValue() : 0;
    }
}
