package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.FlowRecord;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.serde.RecordParts;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A record that waits to be folded, in the entry of its key: about 20 bytes, since the key is there already. The own bit
 * of its parts says that it comes from the lower endpoint.
 */
final class RecordFormat {

    private final Names names;

    RecordFormat(Names names) {
        this.names = names;
    }

    void write(ConnectionKey key, FlowRecord flow, long base, DataOutputView out) throws IOException {
        int parts = RecordParts.of(flow, flow.source().equals(key.lower()));
        Wire.writeVarLong(parts, out);
        names.refer(flow.observer(), out);
        names.refer(flow.ref().object(), out);
        Wire.writeVarLong(flow.ref().line(), out);
        Times.write(flow.start(), base, out);
        Wire.writeVarLong(flow.end() - flow.start(), out);
        Wire.writeVarLong(flow.packets(), out);
        Wire.writeVarLong(flow.bytes(), out);
        RecordParts.writeFlags(flow, parts, out);
        RecordParts.writePlain(flow, parts, out);
        RecordParts.writeAnnotations(flow, parts, names::refer, out);
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
        int tcpFlags = RecordParts.readFlags(parts, in);
        boolean fromLower = RecordParts.own(parts);
        Endpoint source = fromLower ? key.lower() : key.higher();
        Endpoint destination = fromLower ? key.higher() : key.lower();
        return new FlowRecord(
                observer,
                key.protocol(),
                source,
                destination,
                RecordParts.readPlainSource(parts, source.address(), in),
                RecordParts.readPlainDestination(parts, destination.address(), in),
                RecordParts.action(parts),
                RecordParts.flowDirection(parts),
                tcpFlags,
                packets,
                bytes,
                start,
                end,
                RecordParts.readAnnotations(parts, names::releaseText, in),
                RecordParts.absent(parts),
                ref);
    }
}
