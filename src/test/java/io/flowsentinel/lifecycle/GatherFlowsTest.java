package io.flowsentinel.lifecycle;

import static io.flowsentinel.lifecycle.Flow.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.serde.Buckets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatherFlowsTest {

    private OneInputStreamOperatorTestHarness<FlowRecord, FlowBlock> harness;

    @BeforeEach
    void open() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(new GatherFlows());
        harness.setup(
                FlowBlock.TYPE.createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void recordsGoOnAheadOfTheWatermark() throws Exception {
        List<FlowRecord> gathered = gather(5);

        harness.processWatermark(1_000);

        assertThat(harness.getOutput()).hasSize(2).last().isEqualTo(new Watermark(1_000));
        assertThat(sent()).isEqualTo(gathered);
    }

    @Test
    void recordsGoOnAheadOfABarrier() throws Exception {
        List<FlowRecord> gathered = gather(5);

        harness.prepareSnapshotPreBarrier(1);

        assertThat(sent()).isEqualTo(gathered);
        assertThat(harness.snapshot(1, 1).hasState()).isFalse();
    }

    @Test
    void recordsGoOnAtTheEnd() throws Exception {
        List<FlowRecord> gathered = gather(5);

        harness.endInput();
        harness.close();

        assertThat(sent()).isEqualTo(gathered);
    }

    @Test
    void aFullBatchWaitsForNothing() throws Exception {
        gather(FlowBatch.MOST_RECORDS - 1);
        assertThat(harness.getOutput()).isEmpty();

        gather(1);

        assertThat(sent()).hasSize(FlowBatch.MOST_RECORDS);
    }

    @Test
    void recordsOfOneBucketGoOnInBlocksOfBoundedSize() throws Exception {
        List<FlowRecord> gathered = gather(FlowBlockBuilder.MOST_RECORDS + 1);

        harness.processWatermark(1_000);

        assertThat(blocks())
                .extracting(block -> Blocks.records(block).size())
                .containsExactly(FlowBlockBuilder.MOST_RECORDS, 1);
        assertThat(sent()).isEqualTo(gathered);
    }

    @Test
    void aBatchBeginsWithNothingOfTheOneBefore() throws Exception {
        gather(FlowBlockBuilder.MOST_RECORDS * 9);
        harness.processWatermark(1_000);
        harness.getOutput().clear();

        List<FlowRecord> gathered = gather(5);
        harness.processWatermark(2_000);

        assertThat(sent()).isEqualTo(gathered);
    }

    @Test
    void eachBucketHasABlockOfItsOwn() throws Exception {
        for (int port = 1; port <= 200; port++) {
            harness.processElement(new StreamRecord<>(
                    Flow.flow(Flow.endpoint("10.0.0.1", port), Flow.SERVER).record()));
        }

        harness.processWatermark(1_000);

        assertThat(sent()).hasSize(200);
        assertThat(blocks()).allSatisfy(block -> assertThat(Blocks.records(block))
                .extracting(flow -> Buckets.keyOf(flow.bucket()))
                .containsOnly(block.key()));
    }

    private List<FlowRecord> gather(int records) throws Exception {
        List<FlowRecord> gathered = new ArrayList<>();
        for (int line = 1; line <= records; line++) {
            FlowRecord flow = request().line(line).record();
            gathered.add(flow);
            harness.processElement(new StreamRecord<>(flow));
        }
        return gathered;
    }

    private List<FlowBlock> blocks() {
        return harness.extractOutputValues();
    }

    private List<FlowRecord> sent() throws Exception {
        List<FlowRecord> all = new ArrayList<>();
        for (FlowBlock block : blocks()) {
            all.addAll(Blocks.records(block));
        }
        return all;
    }
}
