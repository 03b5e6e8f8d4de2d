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
 * <p>Both directions keep a cache of sets of {@link #WAYS} places: a crowded set costs an encoding or another instance,
 * never a wrong answer. For one thread.
 */
public final class Interned<T> {

    private static final int SET_BITS = 11;
    private static final int WAYS = 4;
    private static final int SLOTS = WAYS << SET_BITS;

    private final Wire.ElementWriter<T> writer;
    private final Wire.ElementReader<T> reader;
    private final DataOutputSerializer encoder = new DataOutputSerializer(256);

    private final Object[] written = new Object[SLOTS];
    private final byte[][] writtenAs = new byte[SLOTS][];

    private final Object[] values = new Object[SLOTS];
    private final byte[][] readFrom = new byte[SLOTS][];
    private byte[] block = new byte[256];

    /** Every byte counts: ids of one estate may differ in any of them. A few instructions on today's processors. */
    private final CRC32C hash = new CRC32C();

    private int turn;

    public Interned(Wire.ElementWriter<T> writer, Wire.ElementReader<T> reader) {
        this.writer = writer;
        this.reader = reader;
    }

    public void write(T value, DataOutputView out) throws IOException {
        byte[] bytes = encoded(value);
        Wire.writeVarLong(bytes.length, out);
        out.write(bytes, 0, bytes.length);
    }

    private byte[] encoded(T value) throws IOException {
        int set = set(System.identityHashCode(value));
        for (int slot = set; slot < set + WAYS; slot++) {
            if (written[slot] == value) {
                return writtenAs[slot];
            }
        }
        encoder.clear();
        writer.write(value, encoder);
        int slot = next(set);
        written[slot] = value;
        writtenAs[slot] = encoder.getCopyOfBuffer();
        return writtenAs[slot];
    }

    public T read(DataInputView in) throws IOException {
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
        int slot = next(set);
        readFrom[slot] = Arrays.copyOf(block, length);
        values[slot] = reader.read(new DataInputDeserializer(readFrom[slot]));
        return slot;
    }

    /** The places of a set are taken in turn. */
    private int next(int set) {
        turn = (turn + 1) % WAYS;
        return set + turn;
    }

    private static int set(int hash) {
        return (hash * 0x9E3779B1 >>> Integer.SIZE - SET_BITS) * WAYS;
    }
}
