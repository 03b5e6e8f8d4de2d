package io.flowsentinel.serde;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The record path's serializer: the parts of the record (its own bit says that the addresses are IPv6), then numbers,
 * then two interned blocks.
 */
public final class FlowRecordSerializer extends NounSerializer<FlowRecord> {

    private static final long serialVersionUID = 1L;

    private transient Interned<Observer> observers;
    private transient Interned<String> objects;

    @Override
    public TypeSerializer<FlowRecord> duplicate() {
        return new FlowRecordSerializer();
    }

    @Override
    protected void write(FlowRecord flow, DataOutputView out) throws IOException {
        IpAddress source = flow.source().address();
        IpAddress destination = flow.destination().address();
        int parts = RecordParts.of(flow, source.ipv6());
        out.writeShort(parts);
        out.writeByte(flow.protocol());
        Wire.writeBareAddress(source, out);
        Wire.writeBareAddress(destination, out);
        out.writeShort(flow.source().port());
        out.writeShort(flow.destination().port());
        RecordParts.writePlain(flow, parts, out);
        RecordParts.writeFlags(flow, parts, out);
        Wire.writeVarLong(flow.packets(), out);
        Wire.writeVarLong(flow.bytes(), out);
        Wire.writeVarLong(flow.start(), out);
        Wire.writeVarLong(flow.end() - flow.start(), out);
        RecordParts.writeAnnotations(flow, parts, Wire::writeNullable, out);
        caches();
        observers.write(flow.observer(), out);
        objects.write(flow.ref().object(), out);
        Wire.writeVarLong(flow.ref().line(), out);
    }

    @Override
    protected FlowRecord read(DataInputView in) throws IOException {
        int parts = in.readUnsignedShort();
        boolean ipv6 = RecordParts.own(parts);
        int protocol = in.readUnsignedByte();
        IpAddress source = Wire.readBareAddress(ipv6, in);
        IpAddress destination = Wire.readBareAddress(ipv6, in);
        int sourcePort = in.readUnsignedShort();
        int destinationPort = in.readUnsignedShort();
        IpAddress plainSource = RecordParts.readPlainSource(parts, source, in);
        IpAddress plainDestination = RecordParts.readPlainDestination(parts, destination, in);
        int tcpFlags = RecordParts.readFlags(parts, in);
        long packets = Wire.readVarLong(in);
        long bytes = Wire.readVarLong(in);
        long start = Wire.readVarLong(in);
        long end = start + Wire.readVarLong(in);
        Annotations annotations = RecordParts.readAnnotations(parts, Wire::readNullable, in);
        caches();
        Observer observer = observers.read(in);
        String object = objects.read(in);
        long line = Wire.readVarLong(in);
        return new FlowRecord(
                observer,
                protocol,
                new Endpoint(source, sourcePort),
                new Endpoint(destination, destinationPort),
                plainSource,
                plainDestination,
                RecordParts.action(parts),
                RecordParts.flowDirection(parts),
                tcpFlags,
                packets,
                bytes,
                start,
                end,
                annotations,
                RecordParts.absent(parts),
                new RecordRef(object, line));
    }

    private void caches() {
        if (observers == null) {
            observers = new Interned<>(Interned.OBSERVERS, Wire::writeObserver, Wire::readObserver);
            objects = new Interned<>(Interned.OBJECTS, Wire::writeNullable, Wire::readNullable);
        }
    }

    @Override
    public TypeSerializerSnapshot<FlowRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The format of the values. */
    public static final class Snapshot extends FormatSnapshot<FlowRecord> {
        public Snapshot() {
            super(FlowRecordSerializer::new, 1);
        }
    }
}
