package io.flowsentinel.serde;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A value that repeats from record to record, such as the interface that logged it: encoded once and copied as a block,
 * and read back as the same instance again without being decoded.
 *
 * <p>Both directions keep a cache of sets of {@link #WAYS} places, made when it is first used, since most instances only
 * write or only read: a crowded set costs an encoding or another instance, never a wrong answer. For one thread.
 */
public final class Interned<T> {

    /** Places for the interfaces of a large estate. */
    public static final int OBSERVERS = 1 << 16;

    /** Places for the objects that are read at a time. */
    public static final int OBJECTS = 1 << 13;

    private static final int WAYS = 4;

    private final Wire.ElementWriter<T> writer;
    private final Wire.ElementReader<T> reader;
    private final DataOutputSerializer encoder = new DataOutputSerializer(256);

    private final int places;

    private Object[] written;
    private byte[][] writtenAs;

    private Object[] values;
    private byte[][] readFrom;
    private byte[] block = new byte[256];

    /** Every byte counts: ids of one estate may differ in any of them. A few instructions on today's processors. */
    private final CRC32C hash = new CRC32C();

    private int turn;

    /**
     * Caches that are empty still.
     *
     * @param places how many values are remembered in each direction, a power of two from 8
     */
    public Interned(int places, Wire.ElementWriter<T> writer, Wire.ElementReader<T> reader) {
        this.places = places;
        this.writer = writer;
        this.reader = reader;
    }

    public void write(T value, DataOutputView out) throws IOException {
        byte[] bytes = encoded(value);
        Wire.writeVarLong(bytes.length, out);
        out.write(bytes, 0, bytes.length);
    }

    private byte[] encoded(T value) throws IOException {
        if (written == null) {
            written = new Object[places];
            writtenAs = new byte[places][];
        }
        int set = set(System.identityHashCode(value));
        for (int slot = set; slot < set + WAYS; slot++) {
            if (written[slot] == value) {
                return writtenAs[slot];
            }
        }
        encoder.clear();
        writer.write(value, encoder);
        int slot = next(set, written);
        written[slot] = value;
        writtenAs[slot] = encoder.getCopyOfBuffer();
        return writtenAs[slot];
    }

    public T read(DataInputView in) throws IOException {
        if (values == null) {
            values = new Object[places];
            readFrom = new byte[places][];
        }
        int length = (int) Wire.readVarLong(in);
        if (length > block.length) {
            block = new byte[length * 2];
        }
        in.readFully(block, 0, length);
        @SuppressWarnings("unchecked") // only what the reader made is ever stored
        T value = (T) values[slotOf(length)];
        return value;
    }

    private int slotOf(int length) throws IOException {
        hash.reset();
        hash.update(block, 0, length);
        int set = set((int) hash.getValue());
        for (int slot = set; slot < set + WAYS; slot++) {
            byte[] known = readFrom[slot];
            if (known != null && Arrays.equals(known, 0, known.length, block, 0, length)) {
                return slot;
            }
        }
        int slot = next(set, values);
        readFrom[slot] = Arrays.copyOf(block, length);
        values[slot] = reader.read(new DataInputDeserializer(readFrom[slot]));
        return slot;
    }

    /** A free place of a set; where there is none its places are taken in turn. */
    private int next(int set, Object[] taken) {
        for (int slot = set; slot < set + WAYS; slot++) {
            if (taken[slot] == null) {
                return slot;
            }
        }
        turn = (turn + 1) % WAYS;
        return set + turn;
    }

    /** The first place of a set: the highest bits of the product are the best mixed ones. */
    private int set(int hash) {
        return hash * 0x9E3779B1 >>> Integer.numberOfLeadingZeros(places - 1) & -WAYS;
    }
}
