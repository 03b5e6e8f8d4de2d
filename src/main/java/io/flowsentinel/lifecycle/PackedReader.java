package io.flowsentinel.lifecycle;

import io.flowsentinel.model.ConnectionKey;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;

/** Reads the entries of {@link PackedKeys} one after another, and of each as little as it is asked for. */
final class PackedReader {

    private final byte[] entries;
    private final Names names;
    private final DataInputDeserializer in = new DataInputDeserializer();

    private int start;
    private int keyStart;
    private int scopeStart;
    private int end;
    private long due;

    /** @param names what the entries refer to */
    PackedReader(byte[] entries, Names names) {
        this.entries = entries;
        this.names = names;
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
        scopeStart = keyStart + KeyFormat.length(entries, keyStart);
        return true;
    }

    /** Epoch seconds of event time before which the key need not be looked at. */
    long due() {
        return due;
    }

    /** The number of the entry's key among those that have records; {@link RipeRecords#NONE} where it has none. */
    int findIn(RipeRecords ripe) throws IOException {
        in.setBuffer(entries, scopeStart, end - scopeStart);
        return ripe.find(entries, keyStart, scopeStart - keyStart, names.readText(in));
    }

    ConnectionKey key() throws IOException {
        in.setBuffer(entries, scopeStart, end - scopeStart);
        String scope = names.readText(in);
        in.setBuffer(entries, keyStart, scopeStart - keyStart);
        return KeyFormat.read(scope, in);
    }

    /** Fills in what is remembered of the key; the entry's references to names are given back. */
    void takeMemory(KeyMemory memory, MemoryFormat format) throws IOException {
        in.setBuffer(entries, scopeStart, end - scopeStart);
        names.releaseText(in);
        format.take(memory, due, in);
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
