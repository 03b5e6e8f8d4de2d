package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;

/** Reads the entries of {@link PackedKeys} one after another, and of each as little as it is asked for. */
final class PackedReader {

    private final byte[] entries;
    private final DataInputDeserializer in = new DataInputDeserializer();

    private int start;
    private int keyStart;
    private int memoryStart;
    private int end;
    private long due;

    PackedReader(byte[] entries) {
        this.entries = entries;
    }

    /** Moves on to the next entry; false where there is none. */
    boolean next() throws IOException {
        if (end == entries.length) {
            return false;
        }
        start = end;
        in.setBuffer(entries, start, entries.length - start);
        int length = (int) Wire.readVarLong(in);
        end = in.getPosition() + length;
        due = Integer.toUnsignedLong(in.readInt());
        keyStart = in.getPosition();
        KeyFormat.skip(in);
        memoryStart = in.getPosition();
        return true;
    }

    /** Epoch seconds of event time before which the key need not be looked at. */
    long due() {
        return due;
    }

    /** How the entry's key compares with another key's bytes. */
    int compareKey(byte[] other) {
        return Arrays.compareUnsigned(entries, keyStart, memoryStart, other, 0, other.length);
    }

    ConnectionKey key(Names names) throws IOException {
        in.setBuffer(entries, keyStart, memoryStart - keyStart);
        return KeyFormat.read(in, names);
    }

    byte[] keyBytes() {
        return Arrays.copyOfRange(entries, keyStart, memoryStart);
    }

    /** What is remembered of the key; its references to names are given back. */
    KeyMemory takeMemory(ConnectionKey key, MemoryFormat format) throws IOException {
        in.setBuffer(entries, memoryStart, end - memoryStart);
        return format.take(key, due, in);
    }

    /** Where the entry begins. */
    int start() {
        return start;
    }

    /** Where the entry ends and the next one begins. */
    int end() {
        return end;
    }
}
