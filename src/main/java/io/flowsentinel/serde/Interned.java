package io.flowsentinel.serde;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A value that repeats from record to record, such as the interface that logged it: encoded once and copied as a block,
 * and read back as the same instance again without being decoded.
 *
 * <p>Both directions keep a direct-mapped cache: a collision costs an encoding, never a wrong answer. For one thread.
 */
public final class Interned<T> {

    private static final int SLOTS = 4096;

    private final Wire.ElementWriter<T> writer;
    private final Wire.ElementReader<T> reader;
    private final DataOutputSerializer encoder = new DataOutputSerializer(256);

    private final Object[] written = new Object[SLOTS];
    private final byte[][] writtenAs = new byte[SLOTS][];

    private final Object[] values = new Object[SLOTS];
    private final byte[][] readFrom = new byte[SLOTS][];
    private byte[] block = new byte[256];

    public Interned(Wire.ElementWriter<T> writer, Wire.ElementReader<T> reader) {
        this.writer = writer;
        this.reader = reader;
    }

    public void write(T value, DataOutputView out) throws IOException {
        int slot = mix(System.identityHashCode(value));
        if (written[slot] != value) {
            encoder.clear();
            writer.write(value, encoder);
            writtenAs[slot] = encoder.getCopyOfBuffer();
            written[slot] = value;
        }
        byte[] bytes = writtenAs[slot];
        Wire.writeVarLong(bytes.length, out);
        out.write(bytes, 0, bytes.length);
    }

    public T read(DataInputView in) throws IOException {
        int length = (int) Wire.readVarLong(in);
        if (length > block.length) {
            block = new byte[length * 2];
        }
        in.readFully(block, 0, length);
        int slot = mix(hash(length));
        byte[] known = readFrom[slot];
        if (known == null || !Arrays.equals(known, 0, known.length, block, 0, length)) {
            byte[] bytes = Arrays.copyOf(block, length);
            values[slot] = reader.read(new DataInputDeserializer(bytes));
            readFrom[slot] = bytes;
        }
        @SuppressWarnings("unchecked") // only what the reader made is ever stored
        T value = (T) values[slot];
        return value;
    }

    /** A few bytes from all over the block: blocks of one kind differ in ids, and a collision is only slower. */
    private int hash(int length) {
        int hash = length;
        int step = Math.max(1, length >>> 5);
        for (int i = length - 1; i >= 0; i -= step) {
            hash = 31 * hash + block[i];
        }
        return hash;
    }

    private static int mix(int hash) {
        int mixed = hash * 0x9E3779B1;
        return mixed >>> Integer.SIZE - 12;
    }
}
