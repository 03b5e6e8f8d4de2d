package io.flowsentinel.size;

import io.flowsentinel.model.FlowRecord;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * The records of the estate, made where they are read: each reader makes its share of every burst. Readers hold before
 * each step until the {@link Gate} opens. They need no splits, so what has to do with splits is borrowed and never used.
 */
final class EstateSource implements Source<FlowRecord, NumberSequenceSplit, Collection<NumberSequenceSplit>> {

    private static final long serialVersionUID = 1L;

    private final NumberSequenceSource unusedSplits = new NumberSequenceSource(0, 0);
    private final int interfaces;
    private final List<Step> steps;

    EstateSource(int interfaces, List<Step> steps) {
        this.interfaces = interfaces;
        this.steps = steps;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<FlowRecord, NumberSequenceSplit> createReader(SourceReaderContext context) {
        return new Reader(
                new Estate(interfaces),
                steps,
                Gate.current(),
                context.getIndexOfSubtask(),
                context.currentParallelism());
    }

    @Override
    public SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> createEnumerator(
            SplitEnumeratorContext<NumberSequenceSplit> context) {
        return unusedSplits.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<NumberSequenceSplit, Collection<NumberSequenceSplit>> restoreEnumerator(
            SplitEnumeratorContext<NumberSequenceSplit> context, Collection<NumberSequenceSplit> splits) {
        throw new IllegalStateException("a measurement that failed is not gone on with");
    }

    @Override
    public SimpleVersionedSerializer<NumberSequenceSplit> getSplitSerializer() {
        return unusedSplits.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<Collection<NumberSequenceSplit>> getEnumeratorCheckpointSerializer() {
        return unusedSplits.getEnumeratorCheckpointSerializer();
    }

    private static final class Reader implements SourceReader<FlowRecord, NumberSequenceSplit> {

        private final Estate estate;
        private final List<Step> steps;
        private final Gate gate;
        private final int index;
        private final int readers;
        private int step;
        private int burst;
        private int item;

        Reader(Estate estate, List<Step> steps, Gate gate, int index, int readers) {
            this.estate = estate;
            this.steps = steps;
            this.gate = gate;
            this.index = index;
            this.readers = readers;
            this.item = index;
        }

        @Override
        public void start() {}

        @Override
        public InputStatus pollNext(ReaderOutput<FlowRecord> output) {
            if (!gate.opening(step).isDone()) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            Burst now = steps.get(step).bursts().get(burst);
            if (item < now.items()) {
                estate.log(now.traffic(), item, now.slot(), flow -> {
                    output.collect(flow);
                    gate.countRecord();
                });
                item += readers;
            } else {
                finish(now, output);
            }
            return InputStatus.MORE_AVAILABLE;
        }

        private void finish(Burst done, ReaderOutput<FlowRecord> output) {
            if (done.eventTimeMillis() != Burst.STANDS_STILL) {
                output.emitWatermark(new Watermark(done.eventTimeMillis()));
            }
            item = index;
            burst++;
            if (burst == steps.get(step).bursts().size()) {
                burst = 0;
                gate.arrive(step);
                step++;
            }
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return gate.opening(step);
        }

        @Override
        public List<NumberSequenceSplit> snapshotState(long checkpointId) {
            return List.of();
        }

        @Override
        public void addSplits(List<NumberSequenceSplit> splits) {}

        @Override
        public void notifyNoMoreSplits() {}

        @Override
        public void close() {}
    }
}
