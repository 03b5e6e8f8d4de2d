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
 * @param packed the split, one bit for a chain, two of evidence and one for the originator, the split highest
 * @param firstStart start of the first of its chain, its own where it goes on from nothing
 * @param firstSplit likewise the split
 */
record Tombstone(int start, int end, int packed, int firstStart, int firstSplit) {

    private static final int ORIGINATOR_IS_LOWER = 1;
    private static final int EVIDENCE_SHIFT = 1;
    private static final int EVIDENCE_BITS = 0x3;
    private static final int CHAINED = 1 << 3;
    private static final int SPLIT_SHIFT = 4;

    /** The trace of a connection. The parser lets no time pass that is no 31 bits long. */
    static Tombstone of(Tracked connection, Roles roles) {
        int start = Math.toIntExact(connection.start);
        Tombstone before = connection.continues;
        return new Tombstone(
                start,
                Math.toIntExact(connection.end),
                connection.split << SPLIT_SHIFT
                        | (before == null ? 0 : CHAINED)
                        | code(roles.evidence()) << EVIDENCE_SHIFT
                        | (roles.originatorIsLower() ? ORIGINATOR_IS_LOWER : 0),
                before == null ? start : before.firstStart,
                before == null ? connection.split : before.firstSplit);
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
        if ((packed & CHAINED) != 0) {
            Wire.writeVarLong(start - (long) firstStart, out);
            Wire.writeVarLong(firstSplit, out);
        }
    }

    static Tombstone read(long base, DataInputView in) throws IOException {
        int start = (int) Times.read(base, in);
        int end = (int) (start + Wire.readVarLong(in));
        int packed = (int) Wire.readVarLong(in);
        boolean chained = (packed & CHAINED) != 0;
        int firstStart = chained ? (int) (start - Wire.readVarLong(in)) : start;
        int firstSplit = chained ? (int) Wire.readVarLong(in) : packed >>> SPLIT_SHIFT;
        return new Tombstone(start, end, packed, firstStart, firstSplit);
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
