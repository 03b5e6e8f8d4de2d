package io.flowsentinel.detect;

import io.flowsentinel.detect.judging.Sample;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Samples on their way through the key exchange, and in state. */
public final class SampleSerializer extends NounSerializer<Sample> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Sample value, DataOutputView out) throws IOException {
        Wire.writeNullable(value.connectionId(), out);
        Wire.writeNullable(value.scope(), out);
        Wire.writeNullableEndpoint(value.originator(), out);
        Wire.writeNullableEndpoint(value.responder(), out);
        out.writeByte(value.protocol());
        Wire.writeEnum(value.state(), out);
        Wire.writeEnum(value.verdict(), out);
        out.writeBoolean(value.internal());
        out.writeBoolean(value.responderInternal());
        out.writeLong(value.start());
        Wire.writeNullable(value.interfaceId(), out);
        out.writeBoolean(value.translated());
        out.writeBoolean(value.guessed());
        Wire.writeList(value.records(), Wire::writeRef, out);
    }

    @Override
    protected Sample read(DataInputView in) throws IOException {
        return new Sample(
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readNullableEndpoint(in),
                Wire.readNullableEndpoint(in),
                in.readUnsignedByte(),
                Wire.readEnum(ConnState.class, in),
                Wire.readEnum(Verdict.class, in),
                in.readBoolean(),
                in.readBoolean(),
                in.readLong(),
                Wire.readNullable(in),
                in.readBoolean(),
                in.readBoolean(),
                Wire.readList(Wire::readRef, in));
    }

    @Override
    public TypeSerializerSnapshot<Sample> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Sample> {
        public Snapshot() {
            super(SampleSerializer::new, 1);
        }
    }
}
