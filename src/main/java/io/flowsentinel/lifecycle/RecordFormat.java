package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Action;
import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowDirection;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.model.TcpFlags;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A record that waits to be folded, in the entry of its key: about 20 bytes, since the key is there already. */
final class RecordFormat {

    // Part of every savepoint: they never change.
    private static final int FROM_LOWER = 1;
    private static final int ACCEPTED = 1 << 1;
    private static final int INGRESS = 1 << 2;
    private static final int EGRESS = 1 << 3;
    private static final int FLAGS = 1 << 4;
    private static final int SOURCE_IS_PLAIN = 1 << 5;
    private static final int DESTINATION_IS_PLAIN = 1 << 6;
    private static final int SOURCE_HAS_PLAIN = 1 << 7;
    private static final int DESTINATION_HAS_PLAIN = 1 << 8;
    private static final int ANNOTATED = 1 << 9;
    private static final int ABSENT_SHIFT = 10;

    private final Names names;

    RecordFormat(Names names) {
        this.names = names;
    }

    void write(ConnectionKey key, FlowRecord flow, long base, DataOutputView out) throws IOException {
        int parts = parts(key, flow);
        Wire.writeVarLong(parts, out);
        names.refer(flow.observer(), out);
        names.refer(flow.ref().object(), out);
        Wire.writeVarLong(flow.ref().line(), out);
        Times.write(flow.start(), base, out);
        Wire.writeVarLong(flow.end() - flow.start(), out);
        Wire.writeVarLong(flow.packets(), out);
        Wire.writeVarLong(flow.bytes(), out);
        if ((parts & FLAGS) != 0) {
            Wire.writeVarLong(flow.tcpFlags(), out);
        }
        if ((parts & SOURCE_HAS_PLAIN) != 0) {
            Wire.writeAddress(flow.plainSource(), out);
        }
        if ((parts & DESTINATION_HAS_PLAIN) != 0) {
            Wire.writeAddress(flow.plainDestination(), out);
        }
        if ((parts & ANNOTATED) != 0) {
            writeAnnotations(flow.annotations(), out);
        }
    }

    /** Gives the references to names back. */
    FlowRecord take(ConnectionKey key, long base, DataInputView in) throws IOException {
        int parts = (int) Wire.readVarLong(in);
        Observer observer = names.releaseObserver(in);
        RecordRef ref = new RecordRef(names.releaseText(in), Wire.readVarLong(in));
        long start = Times.read(base, in);
        long end = start + Wire.readVarLong(in);
        long packets = Wire.readVarLong(in);
        long bytes = Wire.readVarLong(in);
        int tcpFlags = (parts & FLAGS) != 0 ? (int) Wire.readVarLong(in) : TcpFlags.ABSENT;
        boolean fromLower = (parts & FROM_LOWER) != 0;
        Endpoint source = fromLower ? key.lower() : key.higher();
        Endpoint destination = fromLower ? key.higher() : key.lower();
        return new FlowRecord(
                observer,
                key.protocol(),
                source,
                destination,
                plain(parts, SOURCE_IS_PLAIN, SOURCE_HAS_PLAIN, source, in),
                plain(parts, DESTINATION_IS_PLAIN, DESTINATION_HAS_PLAIN, destination, in),
                (parts & ACCEPTED) != 0 ? Action.ACCEPT : Action.REJECT,
                direction(parts),
                tcpFlags,
                packets,
                bytes,
                start,
                end,
                (parts & ANNOTATED) != 0 ? takeAnnotations(in) : Annotations.NONE,
                parts >>> ABSENT_SHIFT,
                ref);
    }

    private static int parts(ConnectionKey key, FlowRecord flow) {
        return part(FROM_LOWER, flow.source().equals(key.lower()))
                | part(ACCEPTED, flow.accepted())
                | part(INGRESS, flow.flowDirection() == FlowDirection.INGRESS)
                | part(EGRESS, flow.flowDirection() == FlowDirection.EGRESS)
                | part(FLAGS, flow.tcpFlags() != TcpFlags.ABSENT)
                | plainPart(flow.source(), flow.plainSource(), SOURCE_IS_PLAIN, SOURCE_HAS_PLAIN)
                | plainPart(flow.destination(), flow.plainDestination(), DESTINATION_IS_PLAIN, DESTINATION_HAS_PLAIN)
                | part(ANNOTATED, !flow.annotations().equals(Annotations.NONE))
                | flow.absent() << ABSENT_SHIFT;
    }

    private static int part(int bit, boolean present) {
        return present ? bit : 0;
    }

    private static int plainPart(Endpoint packet, IpAddress plain, int same, int other) {
        if (plain == null) {
            return 0;
        }
        return plain.equals(packet.address()) ? same : other;
    }

    private static IpAddress plain(int parts, int same, int other, Endpoint packet, DataInputView in)
            throws IOException {
        if ((parts & same) != 0) {
            return packet.address();
        }
        return (parts & other) != 0 ? Wire.readAddress(in) : null;
    }

    private static FlowDirection direction(int parts) {
        if ((parts & INGRESS) != 0) {
            return FlowDirection.INGRESS;
        }
        return (parts & EGRESS) != 0 ? FlowDirection.EGRESS : FlowDirection.ABSENT;
    }

    private void writeAnnotations(Annotations annotations, DataOutputView out) throws IOException {
        Wire.writeVarLong(annotations.trafficPath() + 1L, out);
        names.refer(annotations.rejectReason(), out);
        names.refer(annotations.sourceService(), out);
        names.refer(annotations.destinationService(), out);
    }

    private Annotations takeAnnotations(DataInputView in) throws IOException {
        return new Annotations(
                (int) Wire.readVarLong(in) - 1, names.releaseText(in), names.releaseText(in), names.releaseText(in));
    }
}
