package io.flowsentinel.serde;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The record path's serializer: one short of switches, then numbers, then two interned blocks. */
public final class FlowRecordSerializer extends NounSerializer<FlowRecord> {

    private static final long serialVersionUID = 1L;

    private static final int IPV6 = 1;
    private static final int ACCEPTED = 1 << 1;
    private static final int INGRESS = 1 << 2;
    private static final int EGRESS = 1 << 3;
    private static final int FLAGS = 1 << 4;
    private static final int ANNOTATED = 1 << 5;
    private static final int SOURCE_IS_PLAIN = 1 << 6;
    private static final int SOURCE_HAS_PLAIN = 1 << 7;
    private static final int DESTINATION_IS_PLAIN = 1 << 8;
    private static final int DESTINATION_HAS_PLAIN = 1 << 9;

    /** Where the bits of {@link FlowRecord#absent} stand. */
    private static final int ABSENT_SHIFT = 10;

    private static final int ABSENT_BITS = 0xf;

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
        int switches = switches(flow);
        out.writeShort(switches);
        out.writeByte(flow.protocol());
        Wire.writeBareAddress(source, out);
        Wire.writeBareAddress(destination, out);
        out.writeShort(flow.source().port());
        out.writeShort(flow.destination().port());
        if ((switches & SOURCE_HAS_PLAIN) != 0) {
            Wire.writeAddress(flow.plainSource(), out);
        }
        if ((switches & DESTINATION_HAS_PLAIN) != 0) {
            Wire.writeAddress(flow.plainDestination(), out);
        }
        if ((switches & FLAGS) != 0) {
            Wire.writeVarLong(flow.tcpFlags(), out);
        }
        Wire.writeVarLong(flow.packets(), out);
        Wire.writeVarLong(flow.bytes(), out);
        Wire.writeVarLong(flow.start(), out);
        Wire.writeVarLong(flow.end() - flow.start(), out);
        if ((switches & ANNOTATED) != 0) {
            writeAnnotations(flow.annotations(), out);
        }
        caches();
        observers.write(flow.observer(), out);
        objects.write(flow.ref().object(), out);
        Wire.writeVarLong(flow.ref().line(), out);
    }

    @Override
    protected FlowRecord read(DataInputView in) throws IOException {
        int switches = in.readUnsignedShort();
        boolean ipv6 = (switches & IPV6) != 0;
        int protocol = in.readUnsignedByte();
        IpAddress source = Wire.readBareAddress(ipv6, in);
        IpAddress destination = Wire.readBareAddress(ipv6, in);
        int sourcePort = in.readUnsignedShort();
        int destinationPort = in.readUnsignedShort();
        IpAddress plainSource = plain(switches, SOURCE_IS_PLAIN, SOURCE_HAS_PLAIN, source, in);
        IpAddress plainDestination = plain(switches, DESTINATION_IS_PLAIN, DESTINATION_HAS_PLAIN, destination, in);
        int tcpFlags = (switches & FLAGS) != 0 ? (int) Wire.readVarLong(in) : TcpFlags.ABSENT;
        long packets = Wire.readVarLong(in);
        long bytes = Wire.readVarLong(in);
        long start = Wire.readVarLong(in);
        long end = start + Wire.readVarLong(in);
        Annotations annotations = (switches & ANNOTATED) != 0 ? readAnnotations(in) : Annotations.NONE;
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
                (switches & ACCEPTED) != 0 ? Action.ACCEPT : Action.REJECT,
                direction(switches),
                tcpFlags,
                packets,
                bytes,
                start,
                end,
                annotations,
                switches >>> ABSENT_SHIFT & ABSENT_BITS,
                new RecordRef(object, line));
    }

    private static int switches(FlowRecord flow) {
        IpAddress source = flow.source().address();
        IpAddress destination = flow.destination().address();
        return (source.ipv6() ? IPV6 : 0)
                | (flow.accepted() ? ACCEPTED : 0)
                | (flow.flowDirection() == FlowDirection.INGRESS ? INGRESS : 0)
                | (flow.flowDirection() == FlowDirection.EGRESS ? EGRESS : 0)
                | (flow.tcpFlags() == TcpFlags.ABSENT ? 0 : FLAGS)
                | (flow.annotations().equals(Annotations.NONE) ? 0 : ANNOTATED)
                | flow.absent() << ABSENT_SHIFT
                | plainSwitch(source, flow.plainSource(), SOURCE_IS_PLAIN, SOURCE_HAS_PLAIN)
                | plainSwitch(destination, flow.plainDestination(), DESTINATION_IS_PLAIN, DESTINATION_HAS_PLAIN);
    }

    private static int plainSwitch(IpAddress packet, IpAddress plain, int same, int other) {
        if (plain == null) {
            return 0;
        }
        return plain.equals(packet) ? same : other;
    }

    private static IpAddress plain(int switches, int same, int other, IpAddress packet, DataInputView in)
            throws IOException {
        if ((switches & same) != 0) {
            return packet;
        }
        return (switches & other) != 0 ? Wire.readAddress(in) : null;
    }

    private static FlowDirection direction(int switches) {
        if ((switches & INGRESS) != 0) {
            return FlowDirection.INGRESS;
        }
        return (switches & EGRESS) != 0 ? FlowDirection.EGRESS : FlowDirection.ABSENT;
    }

    private static void writeAnnotations(Annotations annotations, DataOutputView out) throws IOException {
        Wire.writeVarLong(annotations.trafficPath() + 1L, out);
        Wire.writeNullable(annotations.rejectReason(), out);
        Wire.writeNullable(annotations.sourceService(), out);
        Wire.writeNullable(annotations.destinationService(), out);
    }

    private static Annotations readAnnotations(DataInputView in) throws IOException {
        return new Annotations(
                (int) Wire.readVarLong(in) - 1, Wire.readNullable(in), Wire.readNullable(in), Wire.readNullable(in));
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
