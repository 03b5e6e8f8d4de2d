package io.flowsentinel.serde;

import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The small pieces all formats are made of. */
public final class Wire {

    private static final int IPV4 = 4;
    private static final int IPV6 = 16;
    private static final int NO_ADDRESS = 0;

    private static final int LONGEST_REPEATED = 1_024;
    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[LONGEST_REPEATED]);

    private Wire() {}

    /** Writes one element of a list. */
    @FunctionalInterface
    public interface ElementWriter<T> {
        void write(T element, DataOutputView out) throws IOException;
    }

    /** Reads one element of a list. */
    @FunctionalInterface
    public interface ElementReader<T> {
        T read(DataInputView in) throws IOException;
    }

    /** Seven bits a byte, the lowest first; a negative number takes ten bytes. */
    public static void writeVarLong(long value, DataOutputView out) throws IOException {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    public static long readVarLong(DataInputView in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.readByte();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("A number of variable length has more than ten bytes");
    }

    /** A bit of a number that says which parts follow: set where its part is present. */
    public static int part(int bit, boolean present) {
        return present ? bit : 0;
    }

    /** A text that may be null. */
    public static void writeNullable(String text, DataOutputView out) throws IOException {
        if (text == null) {
            writeVarLong(0, out);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writeVarLong(bytes.length + 1L, out);
        out.write(bytes);
    }

    /** The text {@link #writeNullable} wrote; null where it was null. */
    public static String readNullable(DataInputView in) throws IOException {
        int length = (int) readVarLong(in) - 1;
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** As {@link #readNullable}, for a text that is read again and again, such as an object's name: mostly the same instance. */
    public static String readRepeated(DataInputView in) throws IOException {
        int length = (int) readVarLong(in) - 1;
        if (length < 0) {
            return null;
        }
        byte[] bytes = length <= LONGEST_REPEATED ? SCRATCH.get() : new byte[length];
        in.readFully(bytes, 0, length);
        return Recent.text(bytes, length);
    }

    /** An address with its family in front. */
    public static void writeAddress(IpAddress address, DataOutputView out) throws IOException {
        writeAddress(address.ipv6(), address.high(), address.low(), out);
    }

    /** The address of these bits, as of {@link IpAddress#high} and {@link IpAddress#low}. */
    public static void writeAddress(boolean ipv6, long high, long low, DataOutputView out) throws IOException {
        out.writeByte(ipv6 ? IPV6 : IPV4);
        writeBareAddress(ipv6, high, low, out);
    }

    public static IpAddress readAddress(DataInputView in) throws IOException {
        return readBareAddress(in.readByte() == IPV6, in);
    }

    /** An address, or null. */
    public static void writeNullableAddress(IpAddress address, DataOutputView out) throws IOException {
        if (address == null) {
            out.writeByte(NO_ADDRESS);
        } else {
            writeAddress(address, out);
        }
    }

    public static IpAddress readNullableAddress(DataInputView in) throws IOException {
        int family = in.readByte();
        return family == NO_ADDRESS ? null : readBareAddress(family == IPV6, in);
    }

    /** An address whose family the reader knows. */
    public static void writeBareAddress(IpAddress address, DataOutputView out) throws IOException {
        writeBareAddress(address.ipv6(), address.high(), address.low(), out);
    }

    private static void writeBareAddress(boolean ipv6, long high, long low, DataOutputView out) throws IOException {
        if (ipv6) {
            out.writeLong(high);
            out.writeLong(low);
        } else {
            out.writeInt((int) low);
        }
    }

    public static IpAddress readBareAddress(boolean ipv6, DataInputView in) throws IOException {
        return ipv6 ? IpAddress.ipv6(in.readLong(), in.readLong()) : Recent.ipv4(in.readInt());
    }

    public static void writeEndpoint(Endpoint endpoint, DataOutputView out) throws IOException {
        writeAddress(endpoint.address(), out);
        out.writeShort(endpoint.port());
    }

    public static Endpoint readEndpoint(DataInputView in) throws IOException {
        return new Endpoint(readAddress(in), in.readUnsignedShort());
    }

    public static void writeObserver(Observer observer, DataOutputView out) throws IOException {
        writeNullable(observer.scope(), out);
        writeNullable(observer.interfaceId(), out);
        writeNullable(observer.accountId(), out);
        writeNullable(observer.region(), out);
        writeNullable(observer.azId(), out);
        writeNullable(observer.vpcId(), out);
        writeNullable(observer.subnetId(), out);
        writeNullable(observer.instanceId(), out);
        writeNullable(observer.interfaceType(), out);
        writeNullable(observer.role(), out);
    }

    public static Observer readObserver(DataInputView in) throws IOException {
        return new Observer(
                readNullable(in),
                readNullable(in),
                readNullable(in),
                readNullable(in),
                readNullable(in),
                readNullable(in),
                readNullable(in),
                readNullable(in),
                readNullable(in),
                readNullable(in));
    }

    public static void writeRef(RecordRef ref, DataOutputView out) throws IOException {
        writeNullable(ref.object(), out);
        writeVarLong(ref.line(), out);
    }

    public static RecordRef readRef(DataInputView in) throws IOException {
        return new RecordRef(readNullable(in), readVarLong(in));
    }

    public static <T> void writeList(List<T> list, ElementWriter<T> writer, DataOutputView out) throws IOException {
        writeVarLong(list.size(), out);
        for (T element : list) {
            writer.write(element, out);
        }
    }

    /** An unmodifiable list. */
    public static <T> List<T> readList(ElementReader<T> reader, DataInputView in) throws IOException {
        int size = (int) readVarLong(in);
        if (size == 0) {
            return List.of();
        }
        if (size == 1) {
            return Collections.singletonList(reader.read(in));
        }
        List<T> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(reader.read(in));
        }
        return Collections.unmodifiableList(list);
    }

    /** An enum by name: an ordinal would change its meaning when a constant is added in the middle. */
    public static void writeEnum(Enum<?> constant, DataOutputView out) throws IOException {
        writeNullable(constant == null ? null : constant.name(), out);
    }

    /**
     * An enum by its place in one byte, or null: for what is written very often, of enums to which constants are added at the
     * end only.
     */
    public static void writePlace(Enum<?> constant, DataOutputView out) throws IOException {
        out.writeByte(constant == null ? 0 : constant.ordinal() + 1);
    }

    /** The enum constant {@link #writePlace} wrote, out of all of them; null where it was null. */
    public static <E> E readPlace(E[] all, DataInputView in) throws IOException {
        int place = in.readByte();
        return place == 0 ? null : all[place - 1];
    }

    /** The enum constant {@link #writeEnum} wrote; null where it was null. */
    public static <E extends Enum<E>> E readEnum(Class<E> type, DataInputView in) throws IOException {
        String name = readNullable(in);
        return name == null ? null : Enum.valueOf(type, name);
    }
}
