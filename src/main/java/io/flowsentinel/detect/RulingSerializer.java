package io.flowsentinel.detect;

import io.flowsentinel.serde.AlertSerializer;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Rulings between judging and settling, and in state. */
public final class RulingSerializer extends NounSerializer<Ruling> {

    private static final long serialVersionUID = 1L;

    private static final AlertSerializer ALERTS = new AlertSerializer();

    @Override
    protected void write(Ruling value, DataOutputView out) throws IOException {
        ALERTS.serialize(value.alert(), out);
        Wire.writeList(value.ties(), Wire::writeNullable, out);
    }

    @Override
    protected Ruling read(DataInputView in) throws IOException {
        return new Ruling(ALERTS.deserialize(in), Wire.readList(Wire::readNullable, in));
    }

    @Override
    public TypeSerializerSnapshot<Ruling> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Ruling> {
        public Snapshot() {
            super(RulingSerializer::new, 1);
        }
    }
}
