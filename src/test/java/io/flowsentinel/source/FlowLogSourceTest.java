package io.flowsentinel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowsentinel.source.discovery.Slots;
import io.flowsentinel.testing.LogTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FlowLogSourceTest {

    private static final Instant START = Instant.parse("2024-05-25T05:00:00Z");
    private static final Duration MAX_DELAY = Duration.ofMinutes(10);

    @RegisterExtension
    static final MiniClusterExtension FLINK = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(4)
            .build());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void everyLineComesOnceAndNoneBehindEventTime(int parallelism) throws Exception {
        LogTree tree = new LogTree(folder);
        List<String> expected = new ArrayList<>();
        for (int slot = 0; slot < 12; slot++) {
            for (int object = 0; object < 3; object++) {
                String[] lines = new String[1 + 700 * object];
                for (int line = 0; line < lines.length; line++) {
                    lines[line] = "slot " + slot + " object " + object + " line " + line;
                    expected.add(lines[line]);
                }
                tree.object(slotAt(slot), "hash" + object, lines);
            }
        }

        List<Seen> seen = read(settings(tree.uri()), parallelism);

        assertThat(texts(seen, "line")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(texts(seen, "end")).hasSize(36).allMatch(text -> text.endsWith("whole"));
        assertThat(seen)
                .filteredOn(element -> !element.kind().equals("found"))
                .allMatch(element -> element.watermarkSeconds() < element.slot() - MAX_DELAY.toSeconds());
        assertThat(texts(seen, "found")).contains("36 objects, 0 strays");
    }

    @Test
    void strayFilesAreCountedAndNotRead() throws Exception {
        LogTree tree = new LogTree(folder)
                .object(slotAt(0), "hash", "a line")
                .file("AWSLogs/readme.txt", bytes("no log"))
                .file(LogTree.key(slotAt(0), "hash").replace("fl-", "xx-"), bytes("no log"));

        List<Seen> seen = read(settings(tree.uri()), 2);

        assertThat(texts(seen, "line")).containsExactly("a line");
        assertThat(texts(seen, "found")).containsOnly("1 objects, 2 strays");
    }

    @Test
    void aRangeTakesObjectsBySlot() throws Exception {
        LogTree tree = new LogTree(folder);
        for (int slot = 0; slot < 6; slot++) {
            tree.object(slotAt(slot), "hash", "slot " + slot);
        }

        List<Seen> seen = read(settings(tree.uri()).withRange(slotAt(2), slotAt(4)), 2);

        assertThat(texts(seen, "line")).containsExactlyInAnyOrder("slot 2", "slot 3");
        assertThat(texts(seen, "found")).containsOnly("2 objects, 0 strays");
    }

    @Test
    void anObjectWithAFaultEndsWithItsReasonAndTheJobGoesOn() throws Exception {
        byte[] whole = LogTree.gzip("one", "two", "x".repeat(5000));
        LogTree tree = new LogTree(folder)
                .file(LogTree.key(slotAt(0), "cut"), java.util.Arrays.copyOf(whole, whole.length - 10))
                .file(LogTree.key(slotAt(0), "empty"), new byte[0])
                .object(slotAt(1), "whole", "three");

        List<Seen> seen = read(settings(tree.uri()), 1);

        assertThat(texts(seen, "line")).contains("one", "two", "three");
        assertThat(texts(seen, "end"))
                .anyMatch(text -> text.contains("_cut.log.gz") && text.contains("truncated gzip"))
                .anyMatch(text -> text.endsWith("_empty.log.gz 0 lines, whole"))
                .anyMatch(text -> text.endsWith("_whole.log.gz 1 lines, whole"));
    }

    @Test
    void aSingleFileOfAnyNameIsAnObjectPlacedByItsContent() throws Exception {
        new LogTree(folder).file("my.log", bytes("at 1716613200\r\nlast line"));

        List<Seen> seen = read(settings(folder.resolve("my.log").toString()), 1);

        assertThat(texts(seen, "line")).containsExactly("at 1716613200", "last line");
        assertThat(texts(seen, "found")).containsOnly("1 objects, 0 strays");
    }

    @Test
    void aFolderWithoutObjectsEndsTheJobWithNothing() throws Exception {
        List<Seen> seen = read(settings(folder.toString()), 2);

        assertThat(texts(seen, "found")).containsOnly("0 objects, 0 strays");
    }

    @Test
    void aRootThatDoesNotExistFailsTheJobByName() {
        String missing = folder.resolve("missing").toString();

        // Collects nothing: a sink that collects and is not open yet when its job fails ends the task manager,
        // FLINK-39330.
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        objects(env, settings(missing)).sinkTo(new DiscardingSink<>());

        assertThatThrownBy(env::execute).hasStackTraceContaining("missing: there is no such file or folder");
    }

    /** What reached the operator after the source, and the event time there. */
    private record Seen(String kind, long slot, String text, long watermarkSeconds) {}

    private static List<Seen> read(SourceSettings settings, int parallelism) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(parallelism);
        List<Seen> seen = new ArrayList<>();
        objects(env, settings).process(new WithEventTime()).executeAndCollect().forEachRemaining(element -> {
            String[] kindAndTime = element.f0.split(" ", -1);
            seen.add(new Seen(kindAndTime[0], element.f1, element.f2, Long.parseLong(kindAndTime[1])));
        });
        return Collections.unmodifiableList(seen);
    }

    private static DataStream<Tuple3<String, Long, String>> objects(
            StreamExecutionEnvironment env, SourceSettings settings) {
        return env.fromSource(
                new FlowLogSource<>(settings, new Lines()), WatermarkStrategy.noWatermarks(), "read-objects");
    }

    /** Adds the event time in seconds to the kind. */
    private static final class WithEventTime
            extends ProcessFunction<Tuple3<String, Long, String>, Tuple3<String, Long, String>> {

        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(
                Tuple3<String, Long, String> element, Context context, Collector<Tuple3<String, Long, String>> out) {
            long seconds = Math.floorDiv(context.timerService().currentWatermark(), 1000L);
            out.collect(Tuple3.of(element.f0 + " " + seconds, element.f1, element.f2));
        }
    }

    private static SourceSettings settings(String root) {
        return SourceSettings.bounded(List.of(root)).withMaxDelay(MAX_DELAY);
    }

    private static List<String> texts(List<Seen> seen, String kind) {
        return seen.stream()
                .filter(element -> element.kind().equals(kind))
                .map(Seen::text)
                .toList();
    }

    private static Instant slotAt(int number) {
        return START.plusSeconds(number * Slots.LENGTH);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
