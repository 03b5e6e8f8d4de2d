package io.flowsentinel.detect;

import io.flowsentinel.serde.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What is kept per key, in state. The value is mutable, so a copy is a deep one: the heap backend hands out the copy
 * while a snapshot is being written.
 */
public final class WatchedSerializer extends TypeSerializer<Watched> {

    private static final long serialVersionUID = 1L;

    /** First in every value; a new format gets a new number and a branch in {@link #deserialize(DataInputView)}. */
    private static final int FORMAT = 1;

    private static final ContributionSerializer CONTRIBUTIONS = new ContributionSerializer();

    @Override
    public void serialize(Watched value, DataOutputView out) throws IOException {
        out.writeByte(FORMAT);
        out.writeLong(value.judged);
        out.writeLong(value.wakeAt);
        Wire.writeVarLong(value.panes.size(), out);
        for (Map.Entry<Long, Pane> pane : value.panes.entrySet()) {
            out.writeLong(pane.getKey());
            writePane(pane.getValue(), out);
        }
        Wire.writeVarLong(value.episodes.size(), out);
        for (Map.Entry<String, Episode> episode : value.episodes.entrySet()) {
            Wire.writeNullable(episode.getKey(), out);
            EpisodeFormat.write(episode.getValue(), out);
        }
        Wire.writeVarLong(value.closedDays.size(), out);
        for (Map.Entry<String, Long> day : value.closedDays.entrySet()) {
            Wire.writeNullable(day.getKey(), out);
            out.writeLong(day.getValue());
        }
    }

    @Override
    public Watched deserialize(DataInputView in) throws IOException {
        int format = in.readUnsignedByte();
        if (format != FORMAT) {
            throw new IOException("State of a detector has format " + format + ", this version reads " + FORMAT);
        }
        Watched value = new Watched();
        value.judged = in.readLong();
        value.wakeAt = in.readLong();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            value.panes.put(in.readLong(), readPane(in));
        }
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            value.episodes.put(Wire.readNullable(in), EpisodeFormat.read(in));
        }
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            value.closedDays.put(Wire.readNullable(in), in.readLong());
        }
        return value;
    }

    private static void writePane(Pane pane, DataOutputView out) throws IOException {
        out.writeBoolean(pane.overflowed());
        out.writeLong(pane.counted());
        Wire.writeVarLong(pane.tallies().size(), out);
        for (Map.Entry<Cell, Tally> entry : pane.tallies().entrySet()) {
            writeCell(entry.getKey(), out);
            writeTally(entry.getValue(), out);
        }
        Wire.writeVarLong(pane.facts().size(), out);
        for (Map.Entry<Cell, Integer> entry : pane.facts().entrySet()) {
            writeCell(entry.getKey(), out);
            out.writeByte(entry.getValue());
        }
    }

    private static Pane readPane(DataInputView in) throws IOException {
        boolean overflowed = in.readBoolean();
        long counted = in.readLong();
        Map<Cell, Tally> tallies = new HashMap<>();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            tallies.put(readCell(in), readTally(in));
        }
        Map<Cell, Integer> facts = new HashMap<>();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            facts.put(readCell(in), (int) in.readByte());
        }
        return new Pane(tallies, facts, overflowed, counted);
    }

    private static void writeCell(Cell cell, DataOutputView out) throws IOException {
        out.writeBoolean(cell.address() != null);
        if (cell.address() != null) {
            Wire.writeAddress(cell.address(), out);
        }
        out.writeShort(cell.port());
        out.writeByte(cell.protocol());
        Wire.writeNullable(cell.side(), out);
        ContributionSerializer.writeTexts(cell.allowedBy(), out);
    }

    private static Cell readCell(DataInputView in) throws IOException {
        return new Cell(
                in.readBoolean() ? Wire.readAddress(in) : null,
                in.readUnsignedShort(),
                in.readUnsignedByte(),
                Wire.readNullable(in),
                ContributionSerializer.readTexts(in));
    }

    private static void writeTally(Tally tally, DataOutputView out) throws IOException {
        writeContributions(tally.firsts(), out);
        out.writeLong(tally.count());
        out.writeLong(tally.lastStart());
        out.writeBoolean(tally.coverageGap());
    }

    private static Tally readTally(DataInputView in) throws IOException {
        return new Tally(readContributions(in), in.readLong(), in.readLong(), in.readBoolean());
    }

    static void writeContributions(List<Contribution> contributions, DataOutputView out) throws IOException {
        Wire.writeList(contributions, CONTRIBUTIONS::serialize, out);
    }

    /** A list that can be added to. */
    static List<Contribution> readContributions(DataInputView in) throws IOException {
        return new ArrayList<>(Wire.readList(CONTRIBUTIONS::deserialize, in));
    }

    static void writeNumbers(Set<Long> numbers, DataOutputView out) throws IOException {
        Wire.writeVarLong(numbers.size(), out);
        for (long number : numbers) {
            out.writeLong(number);
        }
    }

    static Set<Long> readNumbers(DataInputView in) throws IOException {
        Set<Long> numbers = new HashSet<>();
        for (long left = Wire.readVarLong(in); left > 0; left--) {
            numbers.add(in.readLong());
        }
        return numbers;
    }

    @Override
    public Watched copy(Watched from) {
        return from.copy();
    }

    @Override
    public Watched copy(Watched from, Watched reuse) {
        return from.copy();
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public Watched deserialize(Watched reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public Watched createInstance() {
        return new Watched();
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public TypeSerializer<Watched> duplicate() {
        return this;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WatchedSerializer;
    }

    @Override
    public int hashCode() {
        return WatchedSerializer.class.getName().hashCode();
    }

    @Override
    public TypeSerializerSnapshot<Watched> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Version 1 of the snapshot; the format of the values carries its own number. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Watched> {
        public Snapshot() {
            super(WatchedSerializer::new);
        }
    }
}
