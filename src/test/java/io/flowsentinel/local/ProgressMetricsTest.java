package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class ProgressMetricsTest {

    private static final MetricGroup GROUP = new UnregisteredMetricsGroup();

    private final ProgressMetrics metrics = new ProgressMetrics();

    @Test
    void countersOfSeveralTasksAddUpAndOutliveTheirTasks() {
        Counter one = counter(5);
        Counter other = counter(7);
        metrics.notifyOfAddedMetric(one, "linesRead", GROUP);
        metrics.notifyOfAddedMetric(other, "linesRead", GROUP);

        metrics.notifyOfRemovedMetric(one, "linesRead", GROUP);

        assertThat(metrics.now().lines()).isEqualTo(12);
    }

    @Test
    void aGaugeCountsOnceHoweverOftenItsTaskIsStartedAgain() {
        Gauge<Integer> first = () -> 10;
        Gauge<Integer> second = () -> 12;
        metrics.notifyOfAddedMetric(first, "objectsFound", GROUP);
        metrics.notifyOfRemovedMetric(first, "objectsFound", GROUP);

        metrics.notifyOfAddedMetric(second, "objectsFound", GROUP);

        assertThat(metrics.now().objectsFound()).isEqualTo(12);
    }

    @Test
    void aGaugeKeepsItsLastValueWhenItsTaskIsGone() {
        Gauge<Integer> gauge = () -> 10;
        metrics.notifyOfAddedMetric(gauge, "objectsFinished", GROUP);

        metrics.notifyOfRemovedMetric(gauge, "objectsFinished", GROUP);

        assertThat(metrics.now().objectsFinished()).isEqualTo(10);
    }

    @Test
    void formatsOfAllReadersAreKnownAlsoAfterTheirTasks() {
        Gauge<String> one = () -> "start end\nstart end tcp-flags";
        Gauge<String> other = () -> "start end";
        Gauge<String> idle = () -> "";
        metrics.notifyOfAddedMetric(one, "formats", GROUP);
        metrics.notifyOfAddedMetric(other, "formats", GROUP);
        metrics.notifyOfAddedMetric(idle, "formats", GROUP);

        metrics.notifyOfRemovedMetric(one, "formats", GROUP);

        assertThat(metrics.formats())
                .containsExactlyInAnyOrder(Set.of("start", "end"), Set.of("start", "end", "tcp-flags"));
    }

    private static Counter counter(long value) {
        Counter counter = new SimpleCounter();
        counter.inc(value);
        return counter;
    }
}
