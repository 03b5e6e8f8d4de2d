package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.source.discovery.Slots;
import io.flowsentinel.testing.LogTree;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class ContinuousReadingTest {

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());

    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("try") // CloseableIterator declares what it likes.
    @Timeout(value = 90, unit = TimeUnit.SECONDS)
    void newAndLatePublishedObjectsAreReadAndEmptySlotsMoveTime() throws Exception {
        Instant now = Instant.ofEpochSecond(Slots.of(Instant.now().getEpochSecond()));
        LogTree tree = new LogTree(folder).object(now.minusSeconds(7200), "hash", "first");
        SourceSettings settings = SourceSettings.bounded(List.of(tree.uri()))
                .withMaxDelay(Duration.ofMinutes(1))
                .continuously(Duration.ofMillis(50));
        List<String> seen = new ArrayList<>();

        try (CloseableIterator<String> elements = open(settings)) {
            readUntil(elements, seen, () -> seen.contains("first"));
            tree.object(now.minusSeconds(3600), "hash", "second");
            tree.object(now, "hash", "third");
            readUntil(elements, seen, () -> seen.contains("second") && seen.contains("third"));
            long published = now.minusSeconds(3 * Slots.LENGTH).getEpochSecond() * 1000;
            readUntil(elements, seen, () -> seen.stream().anyMatch(element -> timeOf(element) >= published));
            tree.object(now.minusSeconds(5400), "hash", "published late");
            readUntil(elements, seen, () -> seen.contains("published late"));
        }

        assertThat(seen)
                .filteredOn(element -> timeOf(element) == Long.MIN_VALUE)
                .containsExactlyInAnyOrder("first", "second", "third", "published late");
    }

    private static long timeOf(String element) {
        return element.startsWith("time ") ? Long.parseLong(element.substring(5)) : Long.MIN_VALUE;
    }

    private static void readUntil(CloseableIterator<String> elements, List<String> seen, BooleanSupplier done) {
        while (!done.getAsBoolean() && elements.hasNext()) {
            seen.add(elements.next());
        }
    }

    private static CloseableIterator<String> open(SourceSettings settings) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(2);
        return env.fromSource(
                        new FlowLogSource<>(settings, new Lines()), WatermarkStrategy.noWatermarks(), "read-objects")
                .transform("lines-and-time", Types.STRING, new LinesAndTime())
                .setParallelism(1)
                .executeAndCollect();
    }

    /** Turns lines into their text and watermarks into elements of their own. */
    private static final class LinesAndTime extends AbstractStreamOperator<String>
            implements OneInputStreamOperator<Tuple3<String, Long, String>, String> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(StreamRecord<Tuple3<String, Long, String>> record) {
            if (record.getValue().f0.equals("line")) {
                output.collect(new StreamRecord<>(record.getValue().f2));
            }
        }

        @Override
        public void processWatermark(Watermark mark) {
            output.collect(new StreamRecord<>("time " + mark.getTimestamp()));
        }
    }
}
