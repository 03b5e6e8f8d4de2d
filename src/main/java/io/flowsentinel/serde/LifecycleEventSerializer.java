package io.flowsentinel.serde;

import io.flowsentinel.model.Connection;
import io.flowsentinel.model.FoldedRecord;
import io.flowsentinel.model.LifecycleEvent;
import io.flowsentinel.model.RulesChange;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the tracker gives, each behind a byte that says which kind it is. The tracker and its readers share a thread, so
 * this runs only where chaining is switched off.
 */
public final class LifecycleEventSerializer extends NounSerializer<LifecycleEvent> {

    private static final long serialVersionUID = 1L;
    private static final int CONNECTION = 0;
    private static final int FOLDED = 1;
    private static final int RULES = 2;

    private final ConnectionSerializer connections = new ConnectionSerializer();
    private final FoldedRecordSerializer folded = new FoldedRecordSerializer();
    private final RulesChangeSerializer rules = new RulesChangeSerializer();

    @Override
    public TypeSerializer<LifecycleEvent> duplicate() {
        return new LifecycleEventSerializer();
    }

    @Override
    protected void write(LifecycleEvent event, DataOutputView out) throws IOException {
        if (event instanceof Connection connection) {
            out.writeByte(CONNECTION);
            connections.write(connection, out);
        } else if (event instanceof FoldedRecord record) {
            out.writeByte(FOLDED);
            folded.write(record, out);
        } else {
            out.writeByte(RULES);
            rules.write((RulesChange) event, out);
        }
    }

    @Override
    protected LifecycleEvent read(DataInputView in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case CONNECTION -> connections.read(in);
            case FOLDED -> folded.read(in);
            case RULES -> rules.read(in);
            default -> throw new IOException("No event of a lifecycle has the kind " + kind);
        };
    }

    @Override
    public TypeSerializerSnapshot<LifecycleEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<LifecycleEvent> {
        public Snapshot() {
            super(LifecycleEventSerializer::new, 2);
        }
    }
}
