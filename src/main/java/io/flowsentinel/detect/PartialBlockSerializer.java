package io.flowsentinel.detect;

import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Partial tallies on their way through the key exchange, and in state (see {@link Backlog}). */
public final class PartialBlockSerializer extends NounSerializer<PartialBlock> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(PartialBlock value, DataOutputView out) throws IOException {
        Wire.writeVarLong(value.key(), out);
        out.writeByte(value.family());
        Wire.writeVarLong(value.bytes().length, out);
        out.write(value.bytes());
        Wire.writeVarLong(value.texts().length, out);
        for (String text : value.texts()) {
            Wire.writeNullable(text, out);
        }
    }

    @Override
    protected PartialBlock read(DataInputView in) throws IOException {
        int key = (int) Wire.readVarLong(in);
        int family = in.readByte();
        byte[] bytes = new byte[(int) Wire.readVarLong(in)];
        in.readFully(bytes);
        String[] texts = new String[(int) Wire.readVarLong(in)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = Wire.readRepeated(in);
        }
        return new PartialBlock(key, family, bytes, texts);
    }

    @Override
    public TypeSerializerSnapshot<PartialBlock> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<PartialBlock> {
        public Snapshot() {
            super(PartialBlockSerializer::new, 2);
        }
    }
}
