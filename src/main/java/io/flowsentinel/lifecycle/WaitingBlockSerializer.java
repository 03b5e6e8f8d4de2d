package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A block that waits, in a checkpoint: the names that its records refer to take less than half of what they would. */
public final class WaitingBlockSerializer extends NounSerializer<FlowBlock> {

    private static final long serialVersionUID = 1L;

    private transient NamesFormat names;

    @Override
    public TypeSerializer<FlowBlock> duplicate() {
        return new WaitingBlockSerializer();
    }

    @Override
    protected void write(FlowBlock block, DataOutputView out) throws IOException {
        out.writeInt(block.key());
        Wire.writeVarLong(block.earliest(), out);
        names().write(new Names(Numbered.of(block.observers()), Numbered.of(block.objects())), out);
        Wire.writeVarLong(block.records().length, out);
        out.write(block.records());
    }

    @Override
    protected FlowBlock read(DataInputView in) throws IOException {
        int key = in.readInt();
        long earliest = Wire.readVarLong(in);
        Names read = names().read(in);
        byte[] records = new byte[(int) Wire.readVarLong(in)];
        in.readFully(records);
        return new FlowBlock(
                key,
                earliest,
                records,
                read.observers().values(Observer[].class),
                read.texts().values(String[].class));
    }

    private NamesFormat names() {
        if (names == null) {
            names = new NamesFormat();
        }
        return names;
    }

    @Override
    public TypeSerializerSnapshot<FlowBlock> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<FlowBlock> {
        public Snapshot() {
            super(WaitingBlockSerializer::new, 2); // the first lay in other buckets
        }
    }
}
