package io.flowsentinel.lifecycle;

import io.flowsentinel.model.Connection.EndReason;
import io.flowsentinel.model.IpAddress;
import io.flowsentinel.model.Observer;
import io.flowsentinel.model.RecordRef;
import io.flowsentinel.serde.Interned;
import io.flowsentinel.serde.Wire;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** How the parts of a key's memory are written. Times are relative to the connection's start. For one thread. */
final class TrackedFormat {

    private final Interned<Observer> observers = new Interned<>(Wire::writeObserver, Wire::readObserver);
    private final Interned<String> objects = new Interned<>(Wire::writeNullable, Wire::readNullable);

    void writeTracked(Tracked tracked, DataOutputView out) throws IOException {
        Wire.writeVarLong(tracked.start, out);
        Wire.writeVarLong(tracked.split, out);
        out.writeBoolean(tracked.continues != null);
        if (tracked.continues != null) {
            tracked.continues.write(out);
        }
        Wire.writeVarLong(tracked.marks, out);
        Wire.writeVarLong(tracked.records, out);
        Wire.writeVarLong(tracked.updates, out);
        Wire.writeVarLong(tracked.synRecordsLower, out);
        Wire.writeVarLong(tracked.synRecordsHigher, out);
        writeTimes(tracked, out);
        writeParts(tracked, out);
    }

    Tracked readTracked(DataInputView in) throws IOException {
        long start = Wire.readVarLong(in);
        int split = (int) Wire.readVarLong(in);
        Tombstone continues = in.readBoolean() ? Tombstone.read(in) : null;
        Tracked tracked = new Tracked(start, split, continues);
        tracked.marks = (int) Wire.readVarLong(in);
        tracked.records = (int) Wire.readVarLong(in);
        tracked.updates = (int) Wire.readVarLong(in);
        tracked.synRecordsLower = (int) Wire.readVarLong(in);
        tracked.synRecordsHigher = (int) Wire.readVarLong(in);
        readTimes(tracked, in);
        readParts(tracked, in);
        return tracked;
    }

    private static void writeTimes(Tracked tracked, DataOutputView out) throws IOException {
        writeTime(tracked.earliest, tracked.start, out);
        writeTime(tracked.end, tracked.start, out);
        writeTime(tracked.openEnd, tracked.start, out);
        writeTime(tracked.closedByAccepted, tracked.start, out);
        writeTime(tracked.closedByRejected, tracked.start, out);
    }

    private static void readTimes(Tracked tracked, DataInputView in) throws IOException {
        tracked.earliest = readTime(tracked.start, in);
        tracked.end = readTime(tracked.start, in);
        tracked.openEnd = readTime(tracked.start, in);
        tracked.closedByAccepted = readTime(tracked.start, in);
        tracked.closedByRejected = readTime(tracked.start, in);
    }

    private void writeParts(Tracked tracked, DataOutputView out) throws IOException {
        Wire.writeVarLong(tracked.observed.length, out);
        for (Observed one : tracked.observed) {
            writeObserved(one, tracked.start, out);
        }
        Wire.writeVarLong(tracked.evidence.length, out);
        for (RecordRef one : tracked.evidence) {
            objects.write(one.object(), out);
            Wire.writeVarLong(one.line(), out);
        }
        writeAddresses(tracked.lowerIntermediates, out);
        writeAddresses(tracked.higherIntermediates, out);
        Wire.writeNullable(tracked.rejectReason, out);
        Wire.writeNullable(tracked.lowerService, out);
        Wire.writeNullable(tracked.higherService, out);
    }

    private void readParts(Tracked tracked, DataInputView in) throws IOException {
        tracked.observed = new Observed[(int) Wire.readVarLong(in)];
        for (int i = 0; i < tracked.observed.length; i++) {
            tracked.observed[i] = readObserved(tracked.start, in);
        }
        tracked.evidence = new RecordRef[(int) Wire.readVarLong(in)];
        for (int i = 0; i < tracked.evidence.length; i++) {
            tracked.evidence[i] = new RecordRef(objects.read(in), Wire.readVarLong(in));
        }
        tracked.lowerIntermediates = readAddresses(in);
        tracked.higherIntermediates = readAddresses(in);
        tracked.rejectReason = Wire.readNullable(in);
        tracked.lowerService = Wire.readNullable(in);
        tracked.higherService = Wire.readNullable(in);
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

    private void writeObserved(Observed one, long base, DataOutputView out) throws IOException {
        observers.write(one.observer, out);
        Wire.writeVarLong(one.bits, out);
        Wire.writeVarLong(one.flags, out);
        Wire.writeVarLong(one.records, out);
        Wire.writeVarLong(one.trafficPath + 1L, out);
        Wire.writeVarLong(one.packets, out);
        Wire.writeVarLong(one.bytes, out);
        writeTime(one.start, base, out);
        writeTime(one.end, base, out);
        writeTime(one.synEnd, base, out);
    }

    private Observed readObserved(long base, DataInputView in) throws IOException {
        Observed one = new Observed(observers.read(in));
        one.bits = (int) Wire.readVarLong(in);
        one.flags = (int) Wire.readVarLong(in);
        one.records = (int) Wire.readVarLong(in);
        one.trafficPath = (int) Wire.readVarLong(in) - 1;
        one.packets = Wire.readVarLong(in);
        one.bytes = Wire.readVarLong(in);
        one.start = readTime(base, in);
        one.end = readTime(base, in);
        one.synEnd = readTime(base, in);
        return one;
    }

    void writeEnded(Ended ended, DataOutputView out) throws IOException {
        writeTracked(ended.connection(), out);
        Wire.writeEnum(ended.reason(), out);
        Wire.writeVarLong(ended.finalAt(), out);
    }

    Ended readEnded(DataInputView in) throws IOException {
        return new Ended(readTracked(in), Wire.readEnum(EndReason.class, in), Wire.readVarLong(in));
    }

    /** 0 for never; else zigzag of the distance from the base, plus one. */
    private static void writeTime(long time, long base, DataOutputView out) throws IOException {
        long distance = time - base;
        Wire.writeVarLong(time == Observed.NEVER ? 0 : (distance << 1 ^ distance >> 63) + 1, out);
    }

    private static long readTime(long base, DataInputView in) throws IOException {
        long written = Wire.readVarLong(in);
        if (written == 0) {
            return Observed.NEVER;
        }
        long zigzag = written - 1;
        return base + (zigzag >>> 1 ^ -(zigzag & 1));
    }
}
