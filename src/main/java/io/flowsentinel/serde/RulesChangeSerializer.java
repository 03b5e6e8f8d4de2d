package io.flowsentinel.serde;

import io.flowsentinel.model.OpenAge;
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
        Wire.writeList(change.ages(), RulesChangeSerializer::writeAge, out);
        out.writeInt(change.rules().length);
        out.write(change.rules());
        out.writeUTF(change.submission());
    }

    @Override
    protected RulesChange read(DataInputView in) throws IOException {
        long afterMillis = in.readLong();
        String version = in.readUTF();
        List<OpenAge> ages = Wire.readList(RulesChangeSerializer::readAge, in);
        byte[] rules = new byte[in.readInt()];
        in.readFully(rules);
        return new RulesChange(afterMillis, version, ages, rules, in.readUTF());
    }

    private static void writeAge(OpenAge age, DataOutputView out) throws IOException {
        Wire.writeVarLong(age.seconds(), out);
        Wire.writeList(age.ports(), (port, to) -> Wire.writeVarLong(port, to), out);
    }

    private static OpenAge readAge(DataInputView in) throws IOException {
        return new OpenAge(Wire.readVarLong(in), Wire.readList(from -> (int) Wire.readVarLong(from), in));
    }

    @Override
    public TypeSerializerSnapshot<RulesChange> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<RulesChange> {
        public Snapshot() {
            super(RulesChangeSerializer::new, 2);
        }
    }
}
