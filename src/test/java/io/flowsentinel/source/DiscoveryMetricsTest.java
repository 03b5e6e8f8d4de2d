package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.source.discovery.Discovered;
import io.flowsentinel.source.discovery.DiscoverySettings;
import io.flowsentinel.source.discovery.LogObject;
import io.flowsentinel.source.discovery.ObjectDiscovery;
import io.flowsentinel.source.discovery.SlotRange;
import io.flowsentinel.testing.LogTree;
import io.flowsentinel.testing.MovingClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of discovery, moment by moment. */
final class DiscoveryMetricsTest {

    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final Instant SLOT = Instant.parse("2026-01-15T11:40:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final SourceSettings SETTINGS = SourceSettings.bounded(List.of("s3://logs"))
            .continuously(INTERVAL)
            .withDiscovery(new DiscoverySettings(INTERVAL, Duration.ofMinutes(5), Duration.ofDays(2), Duration.ZERO));

    private final FakeReaders readers = new FakeReaders(1);
    private final ShownMetrics metrics = readers.metrics();
    private final MovingClock clock = new MovingClock(NOW);
    private final Bucket bucket = new Bucket();
    private final FlowLogEnumerator enumerator =
            new FlowLogEnumerator(readers, SETTINGS, bucket, new DiscoveryMetrics(metrics, clock), clock, null);

    @Test
    void whatIsFoundAndHowFarTimeHasComeIsShown() {
        readers.start(enumerator);
        readers.call();
        long openSlot = metrics.get("oldestOpenSlotSeconds");
        readers.read(enumerator);

        assertThat(openSlot).isEqualTo(SLOT.getEpochSecond());
        assertThat(metrics.get("objectsFound")).isEqualTo(1);
        assertThat(metrics.get("objectsFinished")).isEqualTo(1);
        assertThat(metrics.get("objectsPending")).isZero();
        assertThat(metrics.get("objectsStray")).isEqualTo(2);
        assertThat(metrics.get("listCalls")).isEqualTo(7);
        assertThat(metrics.get("allFound")).isEqualTo(1);
        assertThat(metrics.get("oldestOpenSlotSeconds")).isZero();
        // A slot of 5 minutes and the delay of 10 before now; event time is the delay behind that.
        assertThat(metrics.get("slotSeconds")).isEqualTo(NOW.minusSeconds(900).getEpochSecond());
        assertThat(metrics.get("eventTimeSeconds"))
                .isEqualTo(NOW.minusSeconds(1500).getEpochSecond());
        assertThat(metrics.get("lagSeconds")).isEqualTo(1500);
    }

    @Test
    void lagGrowsAndFailuresAreSeenWhileNothingElseMoves() {
        readers.start(enumerator);
        readers.call();
        readers.read(enumerator);
        bucket.fails = true;
        clock.moveBy(Duration.ofMinutes(2));

        assertThatThrownBy(readers::tick).isInstanceOf(ObjectsUnavailable.class).hasMessage("slow down");

        assertThat(metrics.get("listFailures")).isEqualTo(1);
        assertThat(metrics.get("lagSeconds")).isEqualTo(1500 + 120);
    }

    @Test
    void afterAFailureOfTheWholeJobTheFiguresAreThoseOfTheEnumeratorThatCameAfterIt(@TempDir Path folder)
            throws Exception {
        LogTree tree = new LogTree(folder).object(SLOT, "one", "a line");
        FakeReaders coordinator = new FakeReaders(1);
        var source = new FlowLogSource<>(SourceSettings.bounded(List.of(tree.uri())), new Lines());
        FlowLogEnumerator first = (FlowLogEnumerator) source.createEnumerator(coordinator);
        DiscoveryProgress checkpoint = first.snapshotState(1);
        coordinator.start(first);
        coordinator.call();
        first.close();

        tree.object(SLOT, "two", "a line");
        FlowLogEnumerator second = (FlowLogEnumerator) source.restoreEnumerator(coordinator, checkpoint);
        coordinator.start(second);
        coordinator.call();

        assertThat(coordinator.metrics().get("objectsFound")).isEqualTo(2);
    }

    /** One object, two strays, seven calls; or a failure. */
    private final class Bucket implements ObjectDiscovery {

        private boolean fails;

        @Override
        public Discovered discover(SlotRange wanted, boolean anew) throws IOException {
            if (fails) {
                throw new IOException("slow down");
            }
            LogObject object = new LogObject("s3://logs/a", 1, "0", SLOT.getEpochSecond(), "", "", "");
            return new Discovered(
                    List.of(object), List.of("s3://logs/x", "s3://logs/y"), 7, clock.instant(), Discovered.EVERYTHING);
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
