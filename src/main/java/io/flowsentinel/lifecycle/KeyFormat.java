package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * A connection key in an entry: protocol, number of the scope with the two address families, endpoints. 14 bytes of IPv4
 * and 38 of IPv6, or a byte more.
 */
final class KeyFormat {

    private static final int LOWER_IPV6 = 1;
    private static final int HIGHER_IPV6 = 2;
    private static final int FAMILY_BITS = 2;

    private static final int IPV4_ENDPOINT = 6;
    private static final int IPV6_ENDPOINT = 18;

    private KeyFormat() {}

    /**
     * The bytes of a key, in which there is a reference to the name of its scope, taken here: {@link #release} gives it
     * back when the bytes are no longer needed.
     *
     * @param out a buffer to write in
     */
    static byte[] refer(ConnectionKey key, Names names, DataOutputSerializer out) throws IOException {
        out.clear();
        IpAddress lower = key.lower().address();
        IpAddress higher = key.higher().address();
        int families = Wire.part(LOWER_IPV6, lower.ipv6()) | Wire.part(HIGHER_IPV6, higher.ipv6());
        out.writeByte(key.protocol());
        Wire.writeVarLong((long) names.texts().refer(key.scope()) << FAMILY_BITS | families, out);
        Wire.writeBareAddress(lower, out);
        out.writeShort(key.lower().port());
        Wire.writeBareAddress(higher, out);
        out.writeShort(key.higher().port());
        return out.getCopyOfBuffer();
    }

    static ConnectionKey read(DataInputDeserializer in, Names names) throws IOException {
        int protocol = in.readUnsignedByte();
        int head = (int) Wire.readVarLong(in);
        Endpoint lower = endpoint((head & LOWER_IPV6) != 0, in);
        Endpoint higher = endpoint((head & HIGHER_IPV6) != 0, in);
        return new ConnectionKey(names.texts().get(head >>> FAMILY_BITS), protocol, lower, higher);
    }

    private static Endpoint endpoint(boolean ipv6, DataInputDeserializer in) throws IOException {
        return new Endpoint(Wire.readBareAddress(ipv6, in), in.readUnsignedShort());
    }

    static void skip(DataInputDeserializer in) throws IOException {
        in.skipBytesToRead(1);
        int head = (int) Wire.readVarLong(in);
        in.skipBytesToRead(length((head & LOWER_IPV6) != 0) + length((head & HIGHER_IPV6) != 0));
    }

    private static int length(boolean ipv6) {
        return ipv6 ? IPV6_ENDPOINT : IPV4_ENDPOINT;
    }

    /** Gives the reference in a key's bytes back. */
    static void release(byte[] key, Names names) throws IOException {
        names.texts().release(scope(key));
    }

    private static int scope(byte[] key) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(key, 1, key.length - 1);
        return (int) Wire.readVarLong(in) >>> FAMILY_BITS;
    }
}
