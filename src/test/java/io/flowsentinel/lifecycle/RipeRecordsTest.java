package io.flowsentinel.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.serde.NounSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Records come out of blocks as they went in, each once, at the first moment at which it may be folded. */
class RipeRecordsTest {

    private static final FoldTime FOLD_TIME = new FoldTime(120);

    private final RipeRecords ripe = new RipeRecords();

    @Property(tries = 200)
    void eachRecordIsTakenWhenItsTimeHasCome(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        List<FlowRecord> flows = DenseTraffic.withLongRecords(random).flows();
        List<FlowBlock> waiting = blocks(flows, random);
        Set<FlowRecord> left = new HashSet<>(flows);
        for (long now = Flow.NOON; !left.isEmpty(); now += random.nextInt(400)) {
            long moment = now;
            waiting = take(waiting, moment, random);

            List<FlowRecord> taken = Blocks.records(ripe);
            assertThat(taken).doesNotHaveDuplicates().allMatch(flow -> FOLD_TIME.of(flow) <= moment);
            assertThat(left).containsAll(taken);
            taken.forEach(left::remove);
            assertThat(left).allMatch(flow -> FOLD_TIME.of(flow) > moment);
        }
        assertThat(waiting).isEmpty();
    }

    @Property(tries = 200)
    void theRecordsOfAKeyAreFoundByItsBytes(@ForAll long seed) throws IOException {
        List<FlowRecord> flows = DenseTraffic.of(new Random(seed)).flows();
        ripe.clear();
        ripe.take(Blocks.of(1, flows), FOLD_TIME, Long.MAX_VALUE);

        for (ConnectionKey key : flows.stream().map(FlowRecord::key).distinct().toList()) {
            PackedWriter bytes = new PackedWriter(KeyFormat.MOST_BYTES);
            KeyFormat.write(key.protocol(), key.lower(), key.higher(), bytes);
            int number = ripe.find(bytes.bytes(), 0, bytes.length(), key.scope());

            assertThat(ripe.key(number)).isEqualTo(key);
            assertThat(ripe.of(number, key))
                    .containsExactlyElementsOf(flows.stream()
                            .filter(flow -> flow.key().equals(key))
                            .toList());
            assertThat(ripe.find(bytes.bytes(), 0, bytes.length(), "another vpc"))
                    .isEqualTo(RipeRecords.NONE);
        }
    }

    @Test
    void aBlockOfWhichNothingIsRipeIsLeftAsItIs() throws IOException {
        FlowBlock block = Blocks.of(1, List.of(Flow.request().at(60).record()));
        ripe.clear();

        assertThat(ripe.take(block, FOLD_TIME, Flow.NOON + 60 + 119)).isSameAs(block);
        assertThat(ripe.isEmpty()).isTrue();
    }

    /** What was made for a burst is given back, and what comes after is found as before. */
    @Test
    void afterABurstFewAreFoundAsBefore() throws IOException {
        List<FlowRecord> burst = new ArrayList<>();
        for (int port = 20_000; port < 40_000; port++) {
            burst.add(Flow.flow(Flow.endpoint("10.0.0.3", port), Flow.SERVER).record());
        }
        ripe.clear();
        ripe.take(Blocks.of(1, burst), FOLD_TIME, Long.MAX_VALUE);
        assertThat(ripe.keys()).isEqualTo(burst.size());

        ripe.clear();
        assertThat(ripe.isEmpty()).isTrue();
        ripe.take(Blocks.of(1, burst.subList(0, 200)), FOLD_TIME, Long.MAX_VALUE);

        assertThat(Blocks.records(ripe)).containsExactlyInAnyOrderElementsOf(burst.subList(0, 200));
    }

    private static List<FlowBlock> blocks(List<FlowRecord> flows, Random random) throws IOException {
        List<FlowBlock> blocks = new ArrayList<>();
        for (int from = 0; from < flows.size(); ) {
            int to = Math.min(flows.size(), from + 1 + random.nextInt(20));
            blocks.add(Blocks.of(1, flows.subList(from, to)));
            from = to;
        }
        return blocks;
    }

    private List<FlowBlock> take(List<FlowBlock> waiting, long now, Random random) throws IOException {
        ripe.clear();
        List<FlowBlock> left = new ArrayList<>();
        for (FlowBlock block : waiting) {
            NounSerializer<FlowBlock> way =
                    random.nextBoolean() ? new FlowBlockSerializer() : new WaitingBlockSerializer();
            FlowBlock rest = ripe.take(through(way, block), FOLD_TIME, now);
            if (rest != null) {
                left.add(rest);
            }
        }
        return left;
    }

    private static FlowBlock through(NounSerializer<FlowBlock> way, FlowBlock block) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        way.serialize(block, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        FlowBlock read = way.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }
}
