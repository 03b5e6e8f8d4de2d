package io.flowsentinel.serde;

import io.flowsentinel.model.RulesChange;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Changes of rules on their way to everybody. */
public final class RulesChangeSerializer extends NounSerializer<RulesChange> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(RulesChange change, DataOutputView out) throws IOException {
        out.writeLong(change.afterMillis());
        out.writeUTF(change.version());
        Wire.writeList(change.ages(), Wire::writeVarLong, out);
        out.writeInt(change.rules().length);
        out.write(change.rules());
        out.writeUTF(change.submission());
    }

    @Override
    protected RulesChange read(DataInputView in) throws IOException {
        long afterMillis = in.readLong();
        String version = in.readUTF();
        List<Long> ages = Wire.readList(Wire::readVarLong, in);
        byte[] rules = new byte[in.readInt()];
        in.readFully(rules);
        return new RulesChange(afterMillis, version, ages, rules, in.readUTF());
    }

    @Override
    public TypeSerializerSnapshot<RulesChange> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<RulesChange> {
        public Snapshot() {
            super(RulesChangeSerializer::new, 1);
        }
    }
}
