package io.flowsentinel.serde;

import io.flowsentinel.model.Accounts;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Amounts on their way to the accounts of the run. */
public final class AccountsSerializer extends NounSerializer<Accounts> {

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(Accounts accounts, DataOutputView out) throws IOException {
        Wire.writeVarLong(accounts.amounts().size(), out);
        for (Map.Entry<String, Long> amount : new TreeMap<>(accounts.amounts()).entrySet()) {
            Wire.writeNullable(amount.getKey(), out);
            Wire.writeVarLong(amount.getValue(), out);
        }
    }

    @Override
    protected Accounts read(DataInputView in) throws IOException {
        Map<String, Long> amounts = new TreeMap<>();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            amounts.put(Wire.readNullable(in), Wire.readVarLong(in));
        }
        return new Accounts(Collections.unmodifiableMap(amounts));
    }

    @Override
    public TypeSerializerSnapshot<Accounts> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<Accounts> {
        public Snapshot() {
            super(AccountsSerializer::new, 1);
        }
    }
}
