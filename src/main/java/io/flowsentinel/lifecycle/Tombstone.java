package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.DirectionEvidence;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What is kept of a TCP connection that has ended by silence: enough to name it, and to hand its roles on when another
 * goes on from it. Every unanswered SYN leaves one for a day.
 *
 * @param start epoch seconds, part of its id
 * @param end epoch seconds of its last record's end
 * @param packed the split, two bits of evidence and one for the originator, the split highest
 */
record Tombstone(int start, int end, int packed) {

    private static final int ORIGINATOR_IS_LOWER = 1;
    private static final int EVIDENCE_SHIFT = 1;
    private static final int EVIDENCE_BITS = 0x3;
    private static final int SPLIT_SHIFT = 3;

    /** The trace of a connection. The parser lets no time pass that is no 31 bits long. */
    static Tombstone of(Tracked connection, Roles roles) {
        return new Tombstone(
                Math.toIntExact(connection.start),
                Math.toIntExact(connection.end),
                connection.split << SPLIT_SHIFT
                        | code(roles.evidence()) << EVIDENCE_SHIFT
                        | (roles.originatorIsLower() ? ORIGINATOR_IS_LOWER : 0));
    }

    /** Part of its id. */
    int split() {
        return packed >>> SPLIT_SHIFT;
    }

    /** Who opened it, and how sure that is. */
    Roles roles() {
        return Roles.of((packed & ORIGINATOR_IS_LOWER) != 0, evidence(packed >>> EVIDENCE_SHIFT & EVIDENCE_BITS));
    }

    void write(long base, DataOutputView out) throws IOException {
        Times.write(start, base, out);
        Wire.writeVarLong(end - (long) start, out);
        Wire.writeVarLong(packed, out);
    }

    static Tombstone read(long base, DataInputView in) throws IOException {
        int start = (int) Times.read(base, in);
        int end = (int) (start + Wire.readVarLong(in));
        return new Tombstone(start, end, (int) Wire.readVarLong(in));
    }

    /**
     * Numbers and not names, since two bits are all the room there is beside the split in an int, and traces are many.
     * They are part of every savepoint: they never change.
     */
    private static int code(DirectionEvidence evidence) {
        return switch (evidence) {
            case SYN -> 0;
            case SYNACK -> 1;
            case PORT -> 2;
            case NONE -> 3;
        };
    }

    private static DirectionEvidence evidence(int code) {
        return switch (code) {
            case 0 -> DirectionEvidence.SYN;
            case 1 -> DirectionEvidence.SYNACK;
            case 2 -> DirectionEvidence.PORT;
            case 3 -> DirectionEvidence.NONE;
            default -> throw new IllegalStateException("No evidence of direction has the number " + code);
        };
    }
}
