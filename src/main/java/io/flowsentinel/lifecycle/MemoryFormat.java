package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What is remembered of a key, in an entry: which parts there are, and the parts. Times are relative to when the key is
 * due. Writing takes references to names, reading gives them back.
 */
final class MemoryFormat {

    // The most frequent first. Part of every savepoint: they never change.
    private static final int CURRENT = 1;
    private static final int ENDED = 1 << 1;
    private static final int LAST = 1 << 2;

    private final TrackedFormat connections;

    MemoryFormat(Names names) {
        this.connections = new TrackedFormat(names);
    }

    /**
     * Writes what is remembered of a key.
     *
     * @param base epoch seconds that times are written relative to
     */
    void write(KeyMemory memory, long base, DataOutputView out) throws IOException {
        out.writeByte(Wire.part(CURRENT, memory.current != null)
                | Wire.part(ENDED, !memory.ended.isEmpty())
                | Wire.part(LAST, memory.last != null));
        if (memory.current != null) {
            connections.write(memory.current, base, out);
        }
        if (!memory.ended.isEmpty()) {
            Wire.writeVarLong(memory.ended.size(), out);
            for (Ended one : memory.ended) {
                connections.write(one.connection(), base, out);
                out.writeByte(code(one.reason()));
                Times.write(one.finalAt(), base, out);
            }
        }
        if (memory.last != null) {
            memory.last.write(base, out);
        }
    }

    /**
     * Reads what is remembered of a key.
     *
     * @param memory to be filled, empty
     */
    void take(KeyMemory memory, long base, DataInputView in) throws IOException {
        int parts = in.readByte();
        memory.current = (parts & CURRENT) != 0 ? connections.take(base, in) : null;
        if ((parts & ENDED) != 0) {
            takeEnded(memory.ended, base, in);
        }
        memory.last = (parts & LAST) != 0 ? Tombstone.read(base, in) : null;
    }

    private void takeEnded(List<Ended> ended, long base, DataInputView in) throws IOException {
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            Tracked connection = connections.take(base, in);
            ended.add(new Ended(connection, reason(in.readByte()), Times.read(base, in)));
        }
    }

    /**
     * Numbers and not names, unlike elsewhere, since a name would take a tenth of the entry. They are part of every
     * savepoint: they never change.
     */
    private static int code(EndReason reason) {
        return switch (reason) {
            case CLOSED -> 0;
            case TCP_REUSE -> 1;
            case NEW_ATTEMPT -> 2;
            case ATTEMPT_TIMEOUT -> 3;
            case HALF_CLOSE_TIMEOUT -> 4;
            case IDLE -> 5;
            case END_OF_INPUT -> 6;
        };
    }

    private static EndReason reason(int code) throws IOException {
        for (EndReason reason : EndReason.values()) {
            if (code(reason) == code) {
                return reason;
            }
        }
        throw new IOException("No reason for an end has the number " + code);
    }
}
