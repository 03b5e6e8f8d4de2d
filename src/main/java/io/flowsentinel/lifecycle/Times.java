package io.flowsentinel.lifecycle;

import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Epoch seconds in an entry: the distance from a base, earlier or later, in as few bytes as it takes. */
final class Times {

    private Times() {}

    static void write(long time, long base, DataOutputView out) throws IOException {
        long distance = time - base;
        Wire.writeVarLong(distance << 1 ^ distance >> 63, out);
    }

    static long read(long base, DataInputView in) throws IOException {
        long written = Wire.readVarLong(in);
        return base + (written >>> 1 ^ -(written & 1));
    }
}
