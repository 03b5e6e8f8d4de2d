package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Observer;
import io.flowsentinel.serde.FormatSnapshot;
import io.flowsentinel.serde.Interned;
import io.flowsentinel.serde.NounSerializer;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A block on its way to the tracker: names are interned, so they are read back as few instances. */
public final class FlowBlockSerializer extends NounSerializer<FlowBlock> {

    private static final long serialVersionUID = 1L;

    private transient Interned<Observer> observers;
    private transient Interned<String> objects;

    @Override
    public TypeSerializer<FlowBlock> duplicate() {
        return new FlowBlockSerializer();
    }

    @Override
    protected void write(FlowBlock block, DataOutputView out) throws IOException {
        caches();
        out.writeInt(block.key());
        Wire.writeVarLong(block.earliest(), out);
        Wire.writeVarLong(block.observers().length, out);
        for (Observer observer : block.observers()) {
            observers.write(observer, out);
        }
        Wire.writeVarLong(block.objects().length, out);
        for (String object : block.objects()) {
            objects.write(object, out);
        }
        Wire.writeVarLong(block.records().length, out);
        out.write(block.records());
    }

    @Override
    protected FlowBlock read(DataInputView in) throws IOException {
        caches();
        int key = in.readInt();
        long earliest = Wire.readVarLong(in);
        Observer[] namedObservers = new Observer[(int) Wire.readVarLong(in)];
        for (int i = 0; i < namedObservers.length; i++) {
            namedObservers[i] = observers.read(in);
        }
        String[] namedObjects = new String[(int) Wire.readVarLong(in)];
        for (int i = 0; i < namedObjects.length; i++) {
            namedObjects[i] = objects.read(in);
        }
        byte[] records = new byte[(int) Wire.readVarLong(in)];
        in.readFully(records);
        return new FlowBlock(key, earliest, records, namedObservers, namedObjects);
    }

    private void caches() {
        if (observers == null) {
            observers = new Interned<>(Interned.OBSERVERS, Wire::writeObserver, Wire::readObserver);
            objects = new Interned<>(Interned.OBJECTS, Wire::writeNullable, Wire::readNullable);
        }
    }

    @Override
    public TypeSerializerSnapshot<FlowBlock> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<FlowBlock> {
        public Snapshot() {
            super(FlowBlockSerializer::new, 1);
        }
    }
}
