package io.flowsentinel.local;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** How Flink finds the {@link ProgressMetrics} of a run: reporters are made by class name only. */
public final class ProgressMetricsFactory implements MetricReporterFactory {

    private static final String PREFIX = "metrics.reporter.progress.";
    private static final String RUN = "run";
    private static final Map<String, ProgressMetrics> RUNS = new ConcurrentHashMap<>();

    /** Makes the cluster with these settings report to {@code metrics}. */
    static void register(String runId, ProgressMetrics metrics, Configuration settings) {
        RUNS.put(runId, metrics);
        settings.setString(PREFIX + "factory.class", ProgressMetricsFactory.class.getName());
        settings.setString(PREFIX + RUN, runId);
    }

    static void unregister(String runId) {
        RUNS.remove(runId);
    }

    @Override
    public ProgressMetrics createMetricReporter(Properties properties) {
        return RUNS.getOrDefault(properties.getProperty(RUN, ""), new ProgressMetrics());
    }
}
