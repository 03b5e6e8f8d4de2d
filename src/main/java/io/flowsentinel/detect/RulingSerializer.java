package io.flowsentinel.detect;

import io.flowsentinel.detect.Ruling.Hearing;
import io.flowsentinel.detect.judging.Prevalence;
import io.flowsentinel.serde.AlertSerializer;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Rulings between judging and settling, and in state. */
public final class RulingSerializer extends NounSerializer<Ruling> {

    private static final long serialVersionUID = 1L;

    private static final AlertSerializer ALERTS = new AlertSerializer();

    @Override
    protected void write(Ruling value, DataOutputView out) throws IOException {
        out.writeBoolean(value.alert() != null);
        if (value.alert() != null) {
            ALERTS.serialize(value.alert(), out);
            out.writeBoolean(value.ties() != null);
            if (value.ties() != null) {
                Wire.writeList(value.ties(), Wire::writeNullable, out);
            }
            Wire.writeEnum(value.hearing(), out);
            return;
        }
        out.writeLong(value.prevalence().timeMillis());
        Wire.writeVarLong(value.prevalence().percents().size(), out);
        for (Map.Entry<String, Long> percent : value.prevalence().percents().entrySet()) {
            Wire.writeNullable(percent.getKey(), out);
            Wire.writeVarLong(percent.getValue(), out);
        }
    }

    @Override
    protected Ruling read(DataInputView in) throws IOException {
        if (in.readBoolean()) {
            return new Ruling(
                    ALERTS.deserialize(in),
                    in.readBoolean() ? Wire.readList(Wire::readNullable, in) : null,
                    null,
                    Wire.readEnum(Hearing.class, in));
        }
        long timeMillis = in.readLong();
        Map<String, Long> percents = new TreeMap<>();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            percents.put(Wire.readNullable(in), Wire.readVarLong(in));
        }
        return Ruling.of(new Prevalence(timeMillis, percents));
    }

    @Override
    public TypeSerializerSnapshot<Ruling> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Ruling> {
        public Snapshot() {
            super(RulingSerializer::new, 2);
        }
    }
}
