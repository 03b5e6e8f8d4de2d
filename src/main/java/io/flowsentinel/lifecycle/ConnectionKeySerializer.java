package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.serde.Interned;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The connection key as a key inside a bucket's state. */
public final class ConnectionKeySerializer extends NounSerializer<ConnectionKey> {

    private static final long serialVersionUID = 1L;

    private transient Interned<String> scopes;

    @Override
    public TypeSerializer<ConnectionKey> duplicate() {
        return new ConnectionKeySerializer();
    }

    @Override
    protected void write(ConnectionKey key, DataOutputView out) throws IOException {
        scopes().write(key.scope(), out);
        out.writeByte(key.protocol());
        Wire.writeEndpoint(key.lower(), out);
        Wire.writeEndpoint(key.higher(), out);
    }

    @Override
    protected ConnectionKey read(DataInputView in) throws IOException {
        return new ConnectionKey(
                scopes().read(in), in.readUnsignedByte(), Wire.readEndpoint(in), Wire.readEndpoint(in));
    }

    private Interned<String> scopes() {
        if (scopes == null) {
            scopes = new Interned<>(Wire::writeNullable, Wire::readNullable);
        }
        return scopes;
    }

    @Override
    public TypeSerializerSnapshot<ConnectionKey> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Version 1 of the format. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ConnectionKey> {
        public Snapshot() {
            super(ConnectionKeySerializer::new);
        }
    }
}
