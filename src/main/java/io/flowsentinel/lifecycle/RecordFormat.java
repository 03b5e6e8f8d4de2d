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
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * A record in a {@link FlowBlock}. First what is asked for while it waits, then the rest:
 *
 * <pre>
 * length of what follows | number of observer | number of object | start, 4 bytes | duration | parts | key | rest
 * </pre>
 *
 * <p>Numbers have 7 bits a byte. The own bit of the parts says that the record comes from the lower endpoint of the key.
 */
final class RecordFormat {

    /** Of the numbers and the key in a body, more than they can take. */
    private static final int MOST_BYTES = 160;

    /** Of the length and the two numbers in front of a body. */
    private static final int MOST_BYTES_IN_FRONT = 15;

    private RecordFormat() {}

    /**
     * Writes the body of a record: all from the start on, which is the same in whatever block.
     *
     * @param key of the record
     * @param rare a buffer to write in
     */
    static void writeBody(FlowRecord flow, ConnectionKey key, PackedWriter out, DataOutputSerializer rare)
            throws IOException {
        int parts = RecordParts.of(flow, flow.source().equals(key.lower()));
        out.room(MOST_BYTES);
        out.putInt((int) flow.start());
        out.putVarLong(flow.end() - flow.start());
        out.putVarLong(parts);
        KeyFormat.write(key.protocol(), key.lower(), key.higher(), out);
        out.putVarLong(flow.ref().line());
        out.putVarLong(flow.packets());
        out.putVarLong(flow.bytes());
        if (RecordParts.hasFlags(parts)) {
            out.putVarLong(flow.tcpFlags());
        }
        if (RecordParts.hasMore(parts)) {
            rare.clear();
            RecordParts.writePlain(flow, parts, rare);
            RecordParts.writeAnnotations(flow, parts, Wire::writeNullable, rare);
            out.room(rare.length());
            out.put(rare.getSharedBuffer(), 0, rare.length());
        }
    }

    /**
     * Writes a record into a block.
     *
     * @param observer its number in the block
     * @param object its number in the block
     * @param body the bytes from {@code from} to before {@code to}
     */
    static void write(int observer, int object, byte[] body, int from, int to, PackedWriter out) {
        int length = to - from;
        out.room(length + MOST_BYTES_IN_FRONT);
        out.putVarLong(length + PackedWriter.lengthOf(observer) + PackedWriter.lengthOf(object));
        out.putVarLong(observer);
        out.putVarLong(object);
        out.put(body, from, length);
    }

    /** The start of the record whose body begins there, in epoch seconds. */
    static long start(byte[] body, int from) {
        return Integer.toUnsignedLong(PackedWriter.intAt(body, from));
    }

    /**
     * Reads from the start on.
     *
     * @param key of the record, whose endpoints it shares
     */
    static FlowRecord read(ConnectionKey key, Observer observer, String object, DataInputView in) throws IOException {
        long start = readStart(in);
        long end = start + Wire.readVarLong(in);
        int parts = readParts(in);
        KeyFormat.skip(in);
        RecordRef ref = new RecordRef(object, Wire.readVarLong(in));
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
                RecordParts.readAnnotations(parts, Wire::readNullable, in),
                RecordParts.absent(parts),
                ref);
    }

    /** Epoch seconds. */
    static long readStart(DataInputView in) throws IOException {
        return Integer.toUnsignedLong(in.readInt());
    }

    static int readParts(DataInputView in) throws IOException {
        return (int) Wire.readVarLong(in);
    }
}
