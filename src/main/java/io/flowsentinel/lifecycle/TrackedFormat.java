package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Annotations;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A connection in an entry: first one number that says which of its parts are not what they mostly are, then its parts.
 * About 50 bytes where one interface has seen both directions.
 */
final class TrackedFormat {

    // Above the marks of Tracked, the most frequent first. Part of every savepoint: they never change.
    private static final int MARKS = 0x1f;
    private static final int OPEN_END = 1 << 5;
    private static final int SYN_LOWER = 1 << 6;
    private static final int SYN_HIGHER = 1 << 7;
    private static final int CLOSED_BY_ACCEPTED = 1 << 8;
    private static final int CLOSED_BY_REJECTED = 1 << 9;
    private static final int UPDATED = 1 << 10;
    private static final int NOTES = 1 << 11;
    private static final int CONTINUES = 1 << 12;
    private static final int INTERMEDIATES = 1 << 13;
    private static final int SPLIT = 1 << 14;
    private static final int EARLIER = 1 << 15;
    private static final int AGED = 1 << 16;

    // Above the bits of Observed and, above those, its flags.
    private static final int OBSERVED_BITS = 0x3ff;
    private static final int FLAGS_SHIFT = 10;
    private static final int FLAGS_BITS = 0x1f;
    private static final int SYN_END = 1 << 15;
    private static final int PATH = 1 << 16;

    private final Names names;

    TrackedFormat(Names names) {
        this.names = names;
    }

    void write(Tracked tracked, long base, DataOutputView out) throws IOException {
        int parts = parts(tracked);
        Wire.writeVarLong(parts, out);
        Times.write(tracked.start, base, out);
        writeOptional(parts, SPLIT, tracked.split, out);
        if ((parts & CONTINUES) != 0) {
            tracked.continues.write(tracked.start, out);
        }
        Wire.writeVarLong(tracked.end - tracked.start, out);
        Wire.writeVarLong(tracked.records, out);
        writeOptional(parts, OPEN_END, tracked.openEnd - tracked.start, out);
        writeOptional(parts, SYN_LOWER, tracked.synRecordsLower, out);
        writeOptional(parts, SYN_HIGHER, tracked.synRecordsHigher, out);
        writeOptional(parts, CLOSED_BY_ACCEPTED, tracked.closedByAccepted - tracked.start, out);
        writeOptional(parts, CLOSED_BY_REJECTED, tracked.closedByRejected - tracked.start, out);
        writeOptional(parts, UPDATED, tracked.updates, out);
        writeOptional(parts, AGED, tracked.aged, out);
        writeOptional(parts, EARLIER, tracked.start - tracked.earliest, out);
        writeObserved(tracked, out);
        writeEvidence(tracked.evidence, out);
        if ((parts & INTERMEDIATES) != 0) {
            writeAddresses(tracked.lowerIntermediates, out);
            writeAddresses(tracked.higherIntermediates, out);
        }
        if ((parts & NOTES) != 0) {
            names.refer(tracked.rejectReason, out);
            names.refer(tracked.lowerService, out);
            names.refer(tracked.higherService, out);
        }
    }

    /** Gives the references to names back. */
    Tracked take(long base, DataInputView in) throws IOException {
        int parts = (int) Wire.readVarLong(in);
        long start = Times.read(base, in);
        int split = (int) readOptional(parts, SPLIT, in);
        Tombstone continues = (parts & CONTINUES) != 0 ? Tombstone.read(start, in) : null;
        Tracked tracked = new Tracked(start, split, continues);
        tracked.marks = parts & MARKS;
        tracked.end = start + Wire.readVarLong(in);
        tracked.records = (int) Wire.readVarLong(in);
        tracked.openEnd = readTime(parts, OPEN_END, start, in);
        tracked.synRecordsLower = (int) readOptional(parts, SYN_LOWER, in);
        tracked.synRecordsHigher = (int) readOptional(parts, SYN_HIGHER, in);
        tracked.closedByAccepted = readTime(parts, CLOSED_BY_ACCEPTED, start, in);
        tracked.closedByRejected = readTime(parts, CLOSED_BY_REJECTED, start, in);
        tracked.updates = (int) readOptional(parts, UPDATED, in);
        tracked.aged = (int) readOptional(parts, AGED, in);
        tracked.earliest = start - readOptional(parts, EARLIER, in);
        tracked.observed(takeObserved(tracked, in));
        tracked.evidence = takeEvidence(in);
        if ((parts & INTERMEDIATES) != 0) {
            tracked.lowerIntermediates = readAddresses(in);
            tracked.higherIntermediates = readAddresses(in);
        }
        if ((parts & NOTES) != 0) {
            tracked.rejectReason = names.releaseText(in);
            tracked.lowerService = names.releaseText(in);
            tracked.higherService = names.releaseText(in);
        }
        return tracked;
    }

    private static int parts(Tracked tracked) {
        boolean noted = tracked.rejectReason != null || tracked.lowerService != null || tracked.higherService != null;
        boolean forwarded = tracked.lowerIntermediates.length + tracked.higherIntermediates.length > 0;
        return tracked.marks
                | Wire.part(OPEN_END, tracked.openEnd != Observed.NEVER)
                | Wire.part(SYN_LOWER, tracked.synRecordsLower > 0)
                | Wire.part(SYN_HIGHER, tracked.synRecordsHigher > 0)
                | Wire.part(CLOSED_BY_ACCEPTED, tracked.closedByAccepted != Observed.NEVER)
                | Wire.part(CLOSED_BY_REJECTED, tracked.closedByRejected != Observed.NEVER)
                | Wire.part(UPDATED, tracked.updates > 0)
                | Wire.part(AGED, tracked.aged > 0)
                | Wire.part(NOTES, noted)
                | Wire.part(CONTINUES, tracked.continues != null)
                | Wire.part(INTERMEDIATES, forwarded)
                | Wire.part(SPLIT, tracked.split > 0)
                | Wire.part(EARLIER, tracked.earliest != tracked.start);
    }

    private static void writeOptional(int parts, int part, long value, DataOutputView out) throws IOException {
        if ((parts & part) != 0) {
            Wire.writeVarLong(value, out);
        }
    }

    private static long readOptional(int parts, int part, DataInputView in) throws IOException {
        return (parts & part) != 0 ? Wire.readVarLong(in) : 0;
    }

    private static long readTime(int parts, int part, long base, DataInputView in) throws IOException {
        return (parts & part) != 0 ? base + Wire.readVarLong(in) : Observed.NEVER;
    }

    private void writeObserved(Tracked tracked, DataOutputView out) throws IOException {
        Wire.writeVarLong(tracked.observed.length, out);
        for (Observed one : tracked.observed) {
            int parts = one.bits
                    | one.flags << FLAGS_SHIFT
                    | Wire.part(SYN_END, one.synEnd != Observed.NEVER)
                    | Wire.part(PATH, one.trafficPath != Annotations.NO_PATH);
            Wire.writeVarLong(parts, out);
            names.refer(one.observer, out);
            Wire.writeVarLong(one.records, out);
            Wire.writeVarLong(one.packets, out);
            Wire.writeVarLong(one.bytes, out);
            Times.write(one.start, tracked.start, out);
            Wire.writeVarLong(tracked.end - one.end, out);
            writeOptional(parts, SYN_END, one.synEnd - one.start, out);
            writeOptional(parts, PATH, one.trafficPath, out);
        }
    }

    private Observed[] takeObserved(Tracked tracked, DataInputView in) throws IOException {
        Observed[] observed = new Observed[(int) Wire.readVarLong(in)];
        for (int i = 0; i < observed.length; i++) {
            int parts = (int) Wire.readVarLong(in);
            Observed one = new Observed(names.releaseObserver(in));
            one.bits = parts & OBSERVED_BITS;
            one.flags = parts >>> FLAGS_SHIFT & FLAGS_BITS;
            one.records = (int) Wire.readVarLong(in);
            one.packets = Wire.readVarLong(in);
            one.bytes = Wire.readVarLong(in);
            one.start = Times.read(tracked.start, in);
            one.end = tracked.end - Wire.readVarLong(in);
            one.synEnd = readTime(parts, SYN_END, one.start, in);
            one.trafficPath = (parts & PATH) != 0 ? (int) Wire.readVarLong(in) : Annotations.NO_PATH;
            observed[i] = one;
        }
        return observed;
    }

    private void writeEvidence(RecordRef[] evidence, DataOutputView out) throws IOException {
        Wire.writeVarLong(evidence.length, out);
        for (RecordRef one : evidence) {
            names.refer(one.object(), out);
            Wire.writeVarLong(one.line(), out);
        }
    }

    private RecordRef[] takeEvidence(DataInputView in) throws IOException {
        RecordRef[] evidence = new RecordRef[(int) Wire.readVarLong(in)];
        for (int i = 0; i < evidence.length; i++) {
            evidence[i] = new RecordRef(names.releaseText(in), Wire.readVarLong(in));
        }
        return evidence;
    }

    private static void writeAddresses(IpAddress[] addresses, DataOutputView out) throws IOException {
        Wire.writeVarLong(addresses.length, out);
        for (IpAddress one : addresses) {
            Wire.writeAddress(one, out);
        }
    }

    private static IpAddress[] readAddresses(DataInputView in) throws IOException {
        IpAddress[] addresses = new IpAddress[(int) Wire.readVarLong(in)];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = Wire.readAddress(in);
        }
        return addresses;
    }
}
