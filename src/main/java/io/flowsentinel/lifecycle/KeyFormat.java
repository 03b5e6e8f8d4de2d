package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.flink.core.memory.DataInputView;

/**
 * The bytes of a connection key but for its scope: protocol, the two address families, endpoints. 14 bytes of IPv4 and 38
 * of IPv6. Keys with the same bytes and scope are equal.
 */
final class KeyFormat {

    private static final int LOWER_IPV6 = 1;
    private static final int HIGHER_IPV6 = 2;

    /** Of two IPv6 endpoints. */
    static final int MOST_BYTES = 38;

    private static final int HEAD = 2;
    private static final int IPV4_ENDPOINT = 6;
    private static final int IPV6_ENDPOINT = 18;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private KeyFormat() {}

    /** Writes a key where there is room for it. */
    static void write(int protocol, Endpoint lower, Endpoint higher, PackedWriter out) {
        out.putByte(protocol);
        out.putByte(Wire.part(LOWER_IPV6, lower.address().ipv6())
                | Wire.part(HIGHER_IPV6, higher.address().ipv6()));
        write(lower, out);
        write(higher, out);
    }

    private static void write(Endpoint endpoint, PackedWriter out) {
        IpAddress address = endpoint.address();
        if (address.ipv6()) {
            out.putLong(address.high());
            out.putLong(address.low());
        } else {
            out.putInt((int) address.low());
        }
        out.putShort(endpoint.port());
    }

    static ConnectionKey read(String scope, DataInputView in) throws IOException {
        int protocol = in.readUnsignedByte();
        int families = in.readByte();
        Endpoint lower = endpoint((families & LOWER_IPV6) != 0, in);
        Endpoint higher = endpoint((families & HIGHER_IPV6) != 0, in);
        return new ConnectionKey(scope, protocol, lower, higher);
    }

    /** An address anew: to look for one that is there already takes longer, and a key's are soon forgotten. */
    private static Endpoint endpoint(boolean ipv6, DataInputView in) throws IOException {
        IpAddress address = ipv6 ? IpAddress.ipv6(in.readLong(), in.readLong()) : IpAddress.ipv4(in.readInt());
        return new Endpoint(address, in.readUnsignedShort());
    }

    static void skip(DataInputView in) throws IOException {
        in.skipBytesToRead(1);
        in.skipBytesToRead(length(in.readByte()) - HEAD);
    }

    /** How many bytes the key has that begins at {@code from}. */
    static int length(byte[] bytes, int from) {
        return length(bytes[from + 1]);
    }

    private static int length(byte families) {
        return HEAD
                + ((families & LOWER_IPV6) != 0 ? IPV6_ENDPOINT : IPV4_ENDPOINT)
                + ((families & HIGHER_IPV6) != 0 ? IPV6_ENDPOINT : IPV4_ENDPOINT);
    }

    /** A hash of the key's bytes, of which the upper bits are mixed best; never leaves the process. */
    static int hash(byte[] bytes, int from, int length) {
        // The last eight bytes overlap those before them, which is cheaper than a loop over what is left.
        int last = from + length - Long.BYTES;
        long hash = length;
        for (int at = from; at < last; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        return (int) (mix(hash ^ (long) LONGS.get(bytes, last)) >>> Integer.SIZE);
    }

    private static long mix(long bits) {
        long product = bits * MULTIPLIER;
        return product ^ product >>> Integer.SIZE;
    }
}
