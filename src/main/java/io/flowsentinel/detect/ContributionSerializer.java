package io.flowsentinel.detect;

import io.flowsentinel.detect.Contribution.Role;
import io.flowsentinel.model.Connection.ConnState;
import io.flowsentinel.model.Connection.Verdict;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Contributions on their way through the key exchange, and in state. */
public final class ContributionSerializer extends NounSerializer<Contribution> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Contribution value, DataOutputView out) throws IOException {
        Wire.writeNullable(value.key(), out);
        out.writeBoolean(value.counts());
        Wire.writeNullable(value.connectionId(), out);
        Wire.writeNullable(value.scope(), out);
        Wire.writeEndpoint(value.originator(), out);
        Wire.writeEndpoint(value.responder(), out);
        out.writeByte(value.protocol());
        Wire.writeEnum(value.state(), out);
        Wire.writeEnum(value.verdict(), out);
        out.writeBoolean(value.internal());
        out.writeBoolean(value.responderInternal());
        out.writeByte(value.facts());
        out.writeLong(value.start());
        out.writeLong(value.decidedAt());
        out.writeBoolean(value.coverageGap());
        Wire.writeNullable(value.interfaceId(), out);
        Wire.writeNullable(value.side(), out);
        writeTexts(value.allowedBy(), out);
        Wire.writeList(value.records(), Wire::writeRef, out);
    }

    @Override
    protected Contribution read(DataInputView in) throws IOException {
        return new Contribution(
                Wire.readNullable(in),
                in.readBoolean() ? Role.COUNTS : Role.FACT,
                Wire.readNullable(in),
                Wire.readNullable(in),
                Wire.readEndpoint(in),
                Wire.readEndpoint(in),
                in.readUnsignedByte(),
                Wire.readEnum(ConnState.class, in),
                Wire.readEnum(Verdict.class, in),
                in.readBoolean(),
                in.readBoolean(),
                in.readByte(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                Wire.readNullable(in),
                Wire.readNullable(in),
                readTexts(in),
                Wire.readList(Wire::readRef, in));
    }

    /** Sorted: cells are keys in state, and equal keys have to be equal bytes in every JVM. */
    static void writeTexts(Map<String, String> texts, DataOutputView out) throws IOException {
        Wire.writeVarLong(texts.size(), out);
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            Wire.writeNullable(text.getKey(), out);
            Wire.writeNullable(text.getValue(), out);
        }
    }

    static Map<String, String> readTexts(DataInputView in) throws IOException {
        Map<String, String> texts = new HashMap<>();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            texts.put(Wire.readNullable(in), Wire.readNullable(in));
        }
        return Map.copyOf(texts);
    }

    @Override
    public TypeSerializerSnapshot<Contribution> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Contribution> {
        public Snapshot() {
            super(ContributionSerializer::new, 1);
        }
    }
}
